import type { Pool } from 'pg';
import type { Keys } from '../../crypto/keys.ts';
import { transaction } from '../../db/transaction.ts';
import type { Account } from '../accounts/account.ts';
import { wordingOf } from '../petitions/petition-text.ts';
import {
  publishTextIn,
  seenStateOf,
  type Publication,
  type Published,
} from '../petitions/publish-text.ts';
import { today } from '../../today.ts';
import { decide } from './proposals/actions.ts';
import { isOriginal, textOf, type Subject } from './subject.ts';
import type { VersionForm } from './schema.ts';

interface Services {
  db: Pool;
  keys: Pick<Keys, 'mailAddress' | 'proposalAddress'>;
}

/**
 * Publishes what was typed, by somebody who looks after the petition. The proposal that it was made
 * of is published with it, and its proposer told. Throws AppError `conflict` when that is decided
 * by now.
 */
export function publishVersion(
  services: Services,
  account: Account,
  subject: Subject,
  typed: VersionForm,
): Promise<Published> {
  const { petition, language, proposal } = subject;
  const publication: Publication = {
    language,
    text: textOf(subject, typed),
    day: today(),
    seen: typed.seen,
    ...(isOriginal(subject) ? {} : { translates: typed.original, translator: typed.translator }),
  };
  return transaction(services.db, async (db) => {
    const done = await publishTextIn(db, account, petition, publication);
    if (proposal !== null && done !== 'outdated' && done !== 'closed') {
      await decide(db, services, account, proposal, 'published');
    }
    return done;
  });
}

/** A stale version is looked at and found to fit, while both are what was seen. */
export function keepVersion(
  { db }: Services,
  account: Account,
  { petition, language, version, original }: Subject,
  seen: Pick<VersionForm, 'seen' | 'original'>,
): Promise<Published> {
  const isSeen =
    seen.seen === seenStateOf(version, original) && seen.original === wordingOf(original);
  if (version === null || !isSeen) return Promise.resolve('outdated');
  return transaction(db, (client) =>
    publishTextIn(client, account, petition, {
      language,
      text: version,
      day: today(),
      seen: seen.seen,
      translates: seen.original,
    }),
  );
}
