import type { PoolClient } from 'pg';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors.ts';
import { audit, type Actor } from '../accounts/audit.ts';
import { findAccount } from '../accounts/store.ts';
import type { Decision, Verdict } from '../decisions/decision.ts';
import { saveDecision, saveUndone } from '../decisions/store.ts';
import type { Draft } from './draft.ts';
import { changed, requireHandedIn, tell, type ReviewServices } from './review.ts';
import { findDraft, lockDraft, moveDraft } from './store.ts';

/**
 * What was handed in breaks the rules and is not published; its initiator is told. `is_public`: the
 * list of decisions shows its title. Throws AppError `conflict` when the draft is no longer what was
 * read.
 */
export const rejectDraft = (
  services: ReviewServices,
  actor: Actor,
  draft: Draft,
  { ground, note, is_public }: Verdict & { is_public: boolean },
): Promise<void> =>
  transaction(services.db, async (db) => {
    const moved = await moveDraft(db, requireHandedIn(draft), { state: 'rejected' });
    if (moved === null) throw changed();
    await saveDecision(db, actor, {
      subject: 'draft',
      outcome: 'removed',
      ground,
      draft_id: draft.id,
      note,
      is_public,
    });
    await audit(db, actor, 'draft.rejected', { details: { draft_id: draft.id, ground } });
    await tellInitiator(services, db, draft, 'draft_rejected', { ground, note: note ?? '' });
  });

/**
 * The draft waits for its review again. False when that was done; throws AppError `conflict` when
 * its initiator has deleted it.
 */
export const undoRejection = (
  services: ReviewServices,
  actor: Actor,
  decision: Decision,
): Promise<boolean> =>
  transaction(services.db, async (db) => {
    const draft = await lockRejected(db, decision);
    if (draft.state !== 'rejected' || !(await saveUndone(db, decision))) return false;
    if ((await moveDraft(db, draft, { state: 'handed_in' })) === null) throw changed();
    await audit(db, actor, 'draft.rejection_undone', { details: { draft_id: draft.id } });
    await tellInitiator(services, db, draft, 'rejection_undone');
    return true;
  });

async function lockRejected(db: PoolClient, { draft_id }: Decision): Promise<Draft> {
  const found = draft_id === null ? null : await findDraft(db, draft_id);
  const draft = found && (await lockDraft(db, found));
  if (draft === null) throw new AppError('conflict', 'decisions:error.deleted');
  return draft;
}

/** Whoever is suspended gets no mail, and is told nowhere else. */
async function tellInitiator(
  services: ReviewServices,
  db: PoolClient,
  draft: Draft,
  template: 'draft_rejected' | 'rejection_undone',
  values: Record<string, string> = {},
): Promise<void> {
  const account = await findAccount(db, draft.account_id);
  if (account?.state !== 'active') return;
  await tell(services, db, account, template, (paths) => paths.draft(draft.id), values);
}
