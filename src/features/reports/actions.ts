import type { Pool } from 'pg';
import { mailableEmail, normaliseEmail } from '../../crypto/email-digest.ts';
import type { Keys } from '../../crypto/keys.ts';
import { lock, unlock } from '../../crypto/seal.ts';
import type { Db } from '../../db/sql.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors.ts';
import type { Locale } from '../../i18n/locales.ts';
import { queueMail } from '../../mail/queue.ts';
import type { Decision } from '../decisions/decision.ts';
import { announceChange, type Announce } from '../petitions/changes.ts';
import type { Petition } from '../petitions/petition.ts';
import { holdSignatures } from '../petitions/retention.ts';
import { mayBeShown } from '../petitions/standing.ts';
import { HIDING_NETWORKS, MOST_KEPT, type Ref } from './report.ts';
import type { ReportForm } from './schema.ts';
import {
  countFlag,
  deleteFlagged,
  findReporters,
  lockFlagged,
  savePressing,
  saveReport,
} from './store.ts';
import { findWords, type Words } from './subjects.ts';

export interface ReportServices {
  db: Pool;
  keys: Pick<Keys, 'mailAddress' | 'reporterAddress'>;
  announce: Announce;
}

/**
 * Keeps what a reader says of words that everybody reads. Where so many networks have flagged them
 * today, they are hidden until a moderator decides, unless one has decided to keep them as they are.
 * `network` is a label that tells it apart today and says nothing else. Throws AppError `not_found`
 * when nobody may read them any more.
 */
export async function report(
  { db, keys, announce }: ReportServices,
  petition: Petition,
  ref: Ref,
  { ground, explanation, email }: Pick<ReportForm, 'ground' | 'explanation' | 'email'>,
  { network, language }: { network: string; language: Locale },
): Promise<void> {
  const isHidden = await transaction(db, async (client) => {
    await holdSignatures(client, petition.id); // what is said of them would outlive them
    const { id, flags, networks } = await countFlag(client, petition.id, ref, network);
    const words = await findWords(client, petition, ref); // somebody may have decided meanwhile
    requireFlaggable(words);
    if (flags <= MOST_KEPT) {
      await saveReport(client, id, {
        ground,
        explanation,
        email_locked:
          email === undefined
            ? null
            : lock(Buffer.from(mailableEmail(email)), keys.reporterAddress),
        mail_language: language,
      });
    }
    if (networks < HIDING_NETWORKS || words.standing === 'kept') return false;
    await savePressing(client, id);
    if (words.standing !== null || words.saveStanding === null) return false;
    const done = await words.saveStanding(client, 'flagged');
    if (done) await announceWords(client, petition, ref);
    return done;
  });
  if (isHidden) announce.hidden(petition);
}

/** Throws AppError `not_found`, whether it is not there or not to be read. */
export function requireFlaggable(words: Words | null): asserts words is Words {
  if (!words?.isPublic || !mayBeShown(words.standing)) {
    throw new AppError('not_found', 'errors:not_found');
  }
}

/**
 * Pages that showed words, or hid them, are made anew in every process; no cache keeps the former.
 * The title of a translation stands also in lists, and above statistics.
 */
export async function announceWords(
  db: Db,
  { slug }: Pick<Petition, 'slug'>,
  { subject }: Pick<Ref, 'subject'>,
): Promise<void> {
  if (subject === 'translation') {
    await announceChange(db, { what: 'blocked' });
  } else {
    await announceChange(db, { what: 'petition', slug });
    await announceChange(db, { what: 'signer', slug });
  }
}

/**
 * Ends what readers have flagged: each address is told once what was decided, and all that they said
 * is deleted with their addresses. For the transaction that decides. Nothing happens where nothing waits.
 */
export async function settleReports(
  db: Db,
  keys: ReportServices['keys'],
  petition: Pick<Petition, 'id'>,
  ref: Ref,
  outcome: Decision['outcome'],
): Promise<void> {
  const flagged = await lockFlagged(db, petition.id, ref);
  if (flagged === null) return;
  const template = outcome === 'removed' ? 'report_removed' : 'report_kept';
  const told = new Set<string>(); // nobody has confirmed that the address is theirs
  for (const { email_locked, mail_language } of await findReporters(db, flagged.id)) {
    const to = unlock(email_locked, keys.reporterAddress).toString();
    if (told.has(normaliseEmail(to))) continue;
    told.add(normaliseEmail(to));
    await queueMail(db, keys, { to, locale: mail_language, template, values: {} });
  }
  await deleteFlagged(db, flagged.id);
}
