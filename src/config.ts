import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { StartupError } from './errors.ts';

const origin = z
  .url({ protocol: /^https?$/, abort: true })
  .refine((url) => new URL(url).pathname === '/', { error: 'must be an address without a path' })
  .transform((url) => new URL(url).origin);

const secretKey = z
  .base64()
  .transform((text) => Buffer.from(text, 'base64'))
  .refine((key) => key.length === 32, { error: 'must be 32 bytes in base64' });

const isNetwork = (text: string): boolean =>
  /^(loopback|linklocal|uniquelocal)$/.test(text) || isIP(text) !== 0 || ipaddr.isValidCIDR(text);

/** As Express reads it: a number of hops, a switch, or a list such as `loopback, 10.0.0.0/8`. */
const trustProxy = z
  .string()
  .refine(
    (value) =>
      /^(\d+|true|false)$/.test(value) || value.split(',').every((part) => isNetwork(part.trim())),
    { error: 'must be a number of proxies, true, false, or a list of networks' },
  )
  .transform((value) => {
    if (/^\d+$/.test(value)) return Number(value);
    return value === 'true' || value === 'false' ? value === 'true' : value;
  });

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, { error: 'must be a whole number', abort: true })
    .transform(Number)
    .pipe(z.number().min(min).max(max));

const smtpUrl = z
  .url({ protocol: /^smtps?$/, abort: true })
  .refine((url) => new URL(url).hostname !== '', { error: 'must name a host' });

const sender = z.string().regex(/^(?:[^<>\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/, {
  error: 'must be an address, or a name and an <address>',
});

/** Everything the process reads from its environment. No other file touches process.env. */
const Environment = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HOST: z.string().default('127.0.0.1'),
  PORT: wholeNumber(0, 65_535).default(3000),
  BASE_URL: origin.optional(),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  DATABASE_DIRECT_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  DATA_DIR: z.string().default('.data'),
  SECRET_KEY: secretKey.optional(),
  SMTP_URL: smtpUrl.optional(),
  MAIL_FROM: sender.default('Upprop <no-reply@localhost>'),
  WEB_CONCURRENCY: wholeNumber(1, 64).default(1),
  JOBS: z.enum(['inline', 'off']).default('inline'),
  TRUST_PROXY: trustProxy.optional(),
  DONATE_URL: z.url({ protocol: /^https$/ }).optional(),
  ONION_URL: origin.optional(),
  SUPPORT_EMAIL: z.email().optional(),
  LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
});

/** In production these may not be guessed, generated or left in a development mailbox. */
const REQUIRED_IN_PRODUCTION = ['SECRET_KEY', 'SMTP_URL', 'BASE_URL'] as const;

export type Config = Readonly<ReturnType<typeof loadConfig>>;

/** An empty variable counts as none: compose files cannot leave one out. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env) {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = Environment.superRefine(requireInProduction)
    .superRefine(keepMailboxPrivate)
    .refine((e) => e.DATABASE_DIRECT_URL === undefined || e.DATABASE_URL !== undefined, {
      path: ['DATABASE_DIRECT_URL'],
      error: 'needs DATABASE_URL beside it',
    })
    .safeParse(given);
  if (!parsed.success) {
    throw new StartupError(`Invalid environment:\n${z.prettifyError(parsed.error)}`);
  }
  const e = parsed.data;
  return {
    production: e.NODE_ENV === 'production',
    host: e.HOST,
    port: e.PORT,
    baseUrl: e.BASE_URL ?? null,
    databaseUrl: e.DATABASE_URL ?? null,
    databaseDirectUrl: e.DATABASE_DIRECT_URL ?? e.DATABASE_URL ?? null,
    dataDir: e.DATA_DIR,
    secretKey: e.SECRET_KEY ?? null,
    mail: { smtpUrl: e.SMTP_URL ?? null, from: e.MAIL_FROM },
    webConcurrency: e.WEB_CONCURRENCY,
    jobs: e.JOBS,
    trustProxy: e.TRUST_PROXY ?? false,
    links: {
      donateUrl: e.DONATE_URL ?? null,
      onionUrl: e.ONION_URL ?? null,
      supportEmail: e.SUPPORT_EMAIL ?? null,
    },
    logLevel: e.LOG_LEVEL,
  };
}

/** How a browser on this machine would name the site. */
export function addressAt(host: string, port: number): string {
  if (host === '0.0.0.0' || host === '::') return `http://localhost:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function requireInProduction(e: z.output<typeof Environment>, context: z.RefinementCtx): void {
  if (e.NODE_ENV !== 'production') return;
  for (const name of REQUIRED_IN_PRODUCTION) {
    if (e[name] === undefined) {
      context.addIssue({ code: 'custom', path: [name], message: 'is required in production' });
    }
  }
}

/** The development mailbox shows everybody's mails to whoever can reach it. */
function keepMailboxPrivate(e: z.output<typeof Environment>, context: z.RefinementCtx): void {
  if (e.SMTP_URL !== undefined || e.NODE_ENV === 'production') return;
  for (const [name, host] of [
    ['HOST', e.HOST],
    ['BASE_URL', URL.canParse(e.BASE_URL ?? '') ? new URL(e.BASE_URL ?? '').hostname : 'localhost'],
  ] as const) {
    if (!isLoopback(host)) {
      const message = `${host} can be reached by others, so SMTP_URL is required`;
      context.addIssue({ code: 'custom', path: [name], message });
    }
  }
}

/** Names and addresses that only this machine itself reaches. */
export const isLoopback = (host: string): boolean =>
  /^(localhost|.*\.localhost|127(\.\d+){3}|\[?::1\]?)$/.test(host);
