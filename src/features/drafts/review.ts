import type { Pool, PoolClient } from 'pg';
import type { Keys } from '../../crypto/keys.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors.ts';
import { queueMail } from '../../mail/queue.ts';
import { pathsIn } from '../../paths.ts';
import { today } from '../../today.ts';
import type { Account } from '../accounts/account.ts';
import { addressOf } from '../accounts/actions.ts';
import { audit, type Actor } from '../accounts/audit.ts';
import { findAccount } from '../accounts/store.ts';
import { saveMember } from '../members/store.ts';
import { startPetition } from '../petitions/actions.ts';
import { announceChange } from '../petitions/changes.ts';
import { VISIBILITIES } from '../petitions/petition.ts';
import type { NewPetition } from '../petitions/store.ts';
import { valuesOf, type Draft } from './draft.ts';
import { NewPetitionForm } from './schema.ts';
import { slugOf, slugsLike } from './slug.ts';
import { handPicture, moveDraft } from './store.ts';

export interface ReviewServices {
  db: Pool;
  keys: Pick<Keys, 'account' | 'exportKey' | 'mailAddress'>;
  baseUrl: string;
}

/**
 * Makes the petition that a draft describes, open from today, and tells its initiator. The slug of
 * it. Throws AppError `conflict` when the draft is no longer what was read, or nobody may act for
 * it.
 */
export const publishDraft = (
  services: ReviewServices,
  actor: Actor,
  draft: Draft,
): Promise<string> =>
  transaction(services.db, async (db) => {
    const account = await requireInitiator(db, draft);
    const form = NewPetitionForm.parse(valuesOf(draft));
    const { id, slug } = await startOne(db, services.keys, form);
    const moved = await moveDraft(db, requireHandedIn(draft), {
      state: 'published',
      petition_id: id,
    });
    if (moved === null) throw changed();
    if (draft.picture !== null) await handPicture(db, draft.id, id);
    await saveMember(db, id, account.id, 'owner');
    await audit(db, actor, 'petition.published', {
      petitionId: id,
      details: { draft_id: draft.id },
    });
    await tell(services, db, account, 'petition_published', (paths) => paths.petition(slug));
    await announceChange(db, { what: 'petition', slug });
    return slug;
  });

/** Back to its initiator, with what is to be changed. Throws AppError `conflict` as above. */
export const returnDraft = (
  services: ReviewServices,
  actor: Actor,
  draft: Draft,
  note: string,
): Promise<void> =>
  transaction(services.db, async (db) => {
    const account = await requireInitiator(db, draft);
    const moved = await moveDraft(db, requireHandedIn(draft), { state: 'returned', note });
    if (moved === null) throw changed();
    await audit(db, actor, 'draft.returned', { details: { draft_id: draft.id } });
    await tell(services, db, account, 'petition_returned', (paths) => paths.draft(draft.id));
  });

/** A draft that was changed after it was read has another version, which nothing is done to. */
export function requireHandedIn(draft: Draft): Draft {
  if (draft.state !== 'handed_in') throw changed();
  return draft;
}

export const changed = () => new AppError('conflict', 'drafts:error.changed');

async function requireInitiator(db: PoolClient, draft: Draft): Promise<Account> {
  const account = await findAccount(db, draft.account_id);
  if (account?.state !== 'active') throw changed();
  return account;
}

async function startOne(
  db: PoolClient,
  keys: ReviewServices['keys'],
  form: NewPetitionForm,
): Promise<{ id: string; slug: string }> {
  const { language } = form;
  for (const slug of slugsLike(slugOf(form.title, language))) {
    const id = await startPetition(db, keys, petitionOf(form, slug), { [language]: textOf(form) });
    if (id !== null) return { id, slug };
  }
  throw new Error('There are no more numbers');
}

/** The petition that was asked for, if it opened today. */
export const petitionOf = (form: NewPetitionForm, slug: string): NewPetition => ({
  slug,
  original_language: form.language,
  goal: form.goal,
  topic: form.topic,
  region: form.region,
  opened_on: today(),
  closes_on: today().add(Temporal.Duration.from(form.length)),
  rules: {
    asks_place: form.asks_place,
    asks_postal_code: form.asks_postal_code,
    visibilities: VISIBILITIES.filter((visibility) => form[`allow_${visibility}`]),
    default_visibility: form.default_visibility,
    mail_sender: form.mail_sender,
    mail_subject: form.mail_subject,
  },
});

/** Who is not to be shown is not stored with the petition either. */
const textOf = (form: NewPetitionForm) => ({
  title: form.title,
  recipient: form.recipient,
  text: form.text,
  reason: form.reason,
  thanks: form.thanks,
  initiator_name: form.shown_as === 'unnamed' ? '' : form.initiator_name,
  initiator_place: form.shown_as === 'unnamed' ? '' : form.initiator_place,
  picture_alt: form.picture_alt,
});

/** Owes the initiator a mail with a link. */
export async function tell(
  { keys, baseUrl }: ReviewServices,
  db: PoolClient,
  account: Account,
  template: string,
  path: (paths: ReturnType<typeof pathsIn>) => string,
  values: Record<string, string> = {},
): Promise<void> {
  const locale = account.language;
  const link = baseUrl + path(pathsIn(locale));
  await queueMail(db, keys, {
    to: addressOf(keys, account),
    locale,
    template,
    values: { ...values, link },
  });
}
