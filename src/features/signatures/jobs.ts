import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Keys } from '../../crypto/keys.ts';
import { linkToken } from '../../crypto/link-token.ts';
import { unlock } from '../../crypto/seal.ts';
import { AppError } from '../../errors.ts';
import type { Translations } from '../../i18n/load.ts';
import { defineJob } from '../../jobs/job.ts';
import type { Delivery, Mailer } from '../../mail/mailer.ts';
import { renderMail } from '../../mail/templates.ts';
import { pathsIn } from '../../paths.ts';
import { today } from '../../today.ts';
import { ARRIVAL_DAYS } from './arrival.ts';
import { claimMails, postponeMail, type OwedMail } from './outbox.ts';
import { deletePendingBefore, forgetArrivalsBefore, forgetPastPauses } from './forget-store.ts';

const BATCH = 50;
const AT_ONCE = 100;
/** So long new mails may wait while some that were sent before hang. */
const LOOK_AGAIN_MS = 1000;
const PENDING_DAYS = 14;
const SETTLE_PATIENCE_MS = 30_000;

export interface SignatureJobs {
  db: Pool;
  /** Notes that a mail is out. */
  settleMail: (mail: OwedMail) => Promise<void>;
  keys: Keys;
  mailer: Mailer;
  translations: Translations;
  baseUrl: string;
}

/**
 * Sends the mails that signatures are owed, some at once and more as soon as those are out; one
 * that hangs holds up none of the others. When none of many gets out, the mail server is away: the
 * next scheduled run tries again. A mail that cannot even be tried stays claimed and fails the run,
 * but only after the others.
 */
export const sendMails = defineJob<SignatureJobs>(
  'mail_signers',
  '* * * * *',
  async (services, stopping = new AbortController().signal) => {
    const sending = new Set<Promise<void>>();
    const errors: unknown[] = [];
    let failures = 0; // one after the other
    let room = Promise.withResolvers<undefined>();

    const begin = (mail: OwedMail) => {
      const sent = send(services, mail, stopping)
        .then((delivery) => {
          failures = delivery === 'later' ? failures + 1 : 0;
        })
        .catch((error: unknown) => errors.push(error))
        .then(() => {
          sending.delete(sent);
          if (sending.size <= AT_ONCE - BATCH) room.resolve(undefined);
        });
      sending.add(sent);
    };

    const claim = async (limit: number): Promise<OwedMail[]> => {
      if (limit === 0 || stopping.aborted || failures >= BATCH) return [];
      return claimMails(services.db, limit);
    };

    try {
      for (;;) {
        room = Promise.withResolvers();
        const mails = await claim(Math.min(BATCH, AT_ONCE - sending.size));
        for (const mail of mails) begin(mail);
        if (mails.length === 0 && sending.size === 0) break;
        const timer = setTimeout(room.resolve, LOOK_AGAIN_MS, undefined);
        await room.promise;
        clearTimeout(timer);
      }
    } finally {
      await Promise.all(sending);
    }
    if (errors.length > 0) throw errors[0];
  },
);

/** Unconfirmed signatures are kept for 14 days. */
export const expirePending = defineJob<SignatureJobs>(
  'expire_pending_signatures',
  '17 2 * * *',
  async ({ db }) => {
    await deletePendingBefore(db, today().subtract({ days: PENDING_DAYS }));
  },
);

export const forgetPauses = defineJob<SignatureJobs>(
  'forget_mail_pauses',
  '47 * * * *',
  async ({ db }) => {
    await forgetPastPauses(db);
  },
);

const FORGOTTEN_AT_ONCE = 100;

/** The hour and the clusters are kept for 14 days. */
export const forgetArrivals = defineJob<SignatureJobs>(
  'forget_arrivals',
  '7 * * * *',
  async ({ db }, stopping = new AbortController().signal) => {
    const moment = new Date(Date.now() - ARRIVAL_DAYS * 86_400_000).toISOString();
    while (!stopping.aborted) {
      const forgotten = await forgetArrivalsBefore(db, moment, FORGOTTEN_AT_ONCE);
      if (forgotten < FORGOTTEN_AT_ONCE) return;
    }
  },
);

async function send(
  services: SignatureJobs,
  mail: OwedMail,
  stopping: AbortSignal,
): Promise<Delivery> {
  const { db, keys, mailer, translations, baseUrl } = services;
  const { petition_id, email_digest, nonce, version } = mail;
  const signature = { petitionId: petition_id, emailDigest: email_digest, nonce, version };
  const paths = pathsIn(mail.language);
  const code = linkToken(keys.linkToken, 'confirm', signature);
  const text = await renderMail(translations, mail.mail_kind, mail.language, {
    code,
    site: new URL(baseUrl).host,
    confirmation: baseUrl + paths.confirmation(code),
    signature: baseUrl + paths.signature(linkToken(keys.linkToken, 'manage', signature)),
  });
  const to = unlock(mail.mail_locked, keys.mailAddress).toString();
  const { mail_kind, mail_sender, mail_subject } = mail;
  const subject = (mail_kind === 'confirmation' ? mail_subject : null) ?? text.subject;
  const delivery = await mailer.deliver({ to, ...text, subject, sender: mail_sender });
  if (delivery === 'later') await postponeMail(db, mail);
  else await settle(services, mail, stopping);
  return delivery;
}

/** What is out shall not go out again, so a database that is away is waited for. */
async function settle(
  { settleMail }: SignatureJobs,
  mail: OwedMail,
  stopping: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + SETTLE_PATIENCE_MS;
  for (;;) {
    try {
      await settleMail(mail);
      return;
    } catch (error) {
      const isAway = error instanceof AppError && error.kind === 'unavailable';
      if (!isAway || Date.now() > deadline) throw error;
    }
    await sleep(1000, undefined, { signal: stopping });
  }
}
