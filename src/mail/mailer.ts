import nodemailer, { type TransportOptions } from 'nodemailer';
import { saveMail } from './mailbox.ts';

export interface Mail {
  to: string;
  /** What the sender is called, when not as the site; the address is always the site's. */
  sender?: string | null;
  subject: string;
  text: string;
  html: string;
}

/** `undeliverable`: the mail server knows that this address takes no mail, now or ever. */
export type Delivery = 'sent' | 'undeliverable' | 'later';

export interface Mailer {
  deliver(mail: Mail): Promise<Delivery>;
  close(): void;
}

/** What went wrong with a mail. The server's own words are left out: they quote the address. */
type Complain = (failure: { code: unknown; responseCode: unknown; command: unknown }) => void;

/** As many mails are on their way at once; one that hangs holds up none of the others. */
export const SMTP_CONNECTIONS = 10;

/** Mails go through a pool of SMTP connections; without a server, into the mailbox folder. */
export function createMailer(
  options: { smtpUrl: string | null; from: string; mailbox: string },
  complain: Complain,
): Mailer {
  return options.smtpUrl === null
    ? mailboxMailer(options.from, options.mailbox)
    : smtpMailer(options.from, options.smtpUrl, complain);
}

function smtpMailer(from: string, url: string, complain: Complain): Mailer {
  const transport = nodemailer.createTransport({
    url,
    pool: true,
    requireTLS: !mayBePlain(new URL(url)),
    maxConnections: SMTP_CONNECTIONS,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
  } as TransportOptions);
  return {
    async deliver(mail) {
      try {
        await transport.sendMail(message(from, mail));
        return 'sent';
      } catch (error) {
        const { code, responseCode, command, response } = error as Record<string, unknown>;
        complain({ code, responseCode, command });
        return command === 'RCPT TO' && isFinal(response) ? 'undeliverable' : 'later';
      }
    },
    close() {
      transport.close();
    },
  };
}

/** Without TLS whoever sits between reads the addresses: only to this machine, or when asked for. */
const mayBePlain = ({ hostname, searchParams }: URL): boolean =>
  /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname) || searchParams.get('tls') === 'off';

function mailboxMailer(from: string, mailbox: string): Mailer {
  const transport = nodemailer.createTransport({ streamTransport: true, buffer: true });
  return {
    async deliver(mail) {
      const { message: raw } = await transport.sendMail(message(from, mail));
      await saveMail(mailbox, raw as Buffer);
      return 'sent';
    },
    close() {
      transport.close();
    },
  };
}

const message = (from: string, { to, sender, subject, text, html }: Mail) => ({
  from: senderOf(from, sender ?? ''),
  to: { name: '', address: to },
  subject,
  text,
  html,
  headers: { 'Auto-Submitted': 'auto-generated' },
});

/**
 * A name that looks like an address deceives whoever reads it, and mail programs distrust it; line
 * breaks and what could end the name are no part of one either.
 */
function senderOf(from: string, sender: string) {
  const name = sender.replaceAll(/[\p{C}\p{Z}@"<>\\]+/gu, ' ').trim();
  const address = /<(.*)>$/.exec(from)?.[1] ?? from;
  return name === '' ? from : { name, address };
}

/**
 * What a server answers to the address alone (RFC 5321: no such mailbox, not here, not allowed; or
 * by the status 5.1 of RFC 3463: a bad address of the recipient). With the status 5.7 (security,
 * policy) it speaks of us: it wants a password, relays nothing or has us on a list, and an operator
 * will mend that.
 */
const isFinal = (response: unknown): boolean =>
  typeof response === 'string' && /^(55[013][ -](?!5\.7\.)|5\d\d[ -]5\.1\.[0-6]\b)/.test(response);
