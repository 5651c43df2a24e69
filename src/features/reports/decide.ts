import type { Pool } from 'pg';
import type { Db } from '../../db/sql.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors.ts';
import type { Actor } from '../accounts/audit.ts';
import { audit } from '../accounts/audit.ts';
import type { Decision, Ground } from '../decisions/decision.ts';
import { findLastDecision } from '../decisions/last-store.ts';
import { saveDecision, saveUndone } from '../decisions/store.ts';
import type { Petition } from '../petitions/petition.ts';
import { mayBeShown } from '../petitions/standing.ts';
import { announceWords, settleReports, type ReportServices } from './actions.ts';
import type { Flagged, Ref } from './report.ts';
import { findFlagged, findFlaggedUpTo, holdDecisions, lockFlagged } from './store.ts';
import { findWords, namedIn, wordingOf, type Words } from './subjects.ts';

/** What a moderator decides on, as it stands. */
export interface Case {
  petition: Petition;
  ref: Ref;
  /** Null when they are there no longer. */
  words: Words | null;
  flagged: Flagged | null;
  last: Decision | null;
}

/** A moderator has to decide. */
export const isWaiting = ({ flagged, words }: Case): boolean =>
  flagged !== null || (words !== null && words.isPublic && words.standing === 'changed');

/** A removal that can be undone: words of it are hidden still. */
export const isUndoable = ({ words, last }: Case): boolean =>
  last?.outcome === 'removed' &&
  last.undone_on === null &&
  words?.standing != null &&
  !mayBeShown(words.standing);

/** Tells one state of a case from every other: who decides can say which one they have read. */
export const seenOf = ({ words, last }: Case): string =>
  `${last?.id ?? ''}.${last?.undone_on ? 'undone' : ''}.${wordingOf(words)}`;

export async function findCase(db: Db, petition: Petition, ref: Ref): Promise<Case> {
  const words = await findWords(db, petition, ref);
  const flagged = await findFlagged(db, petition.id, ref);
  const named = { subject: ref.subject, ...namedIn(ref) };
  return { petition, ref, words, flagged, last: await findLastDecision(db, petition.id, named) };
}

/** The same; whoever flags it waits until the transaction ends. */
async function holdCase(db: Db, petition: Petition, ref: Ref): Promise<Case> {
  await lockFlagged(db, petition.id, ref);
  return findCase(db, petition, ref);
}

type Verdict = { outcome: 'kept'; ground: null } | { outcome: 'removed'; ground: Ground };

const KEPT: Verdict = { outcome: 'kept', ground: null };

/**
 * Keeps the words as they stand or removes them, and settles all that readers have flagged of them.
 * Throws AppError `conflict` when it was decided, or when they were changed, since they were read.
 */
export async function decide(
  services: ReportServices,
  actor: Actor,
  { petition, ref }: Pick<Case, 'petition' | 'ref'>,
  { seen, ...verdict }: Verdict & { seen: string },
): Promise<void> {
  await inTurn(services.db, petition, ref, async (db) => {
    const found = await holdCase(db, petition, ref);
    if (seenOf(found) !== seen || !isWaiting(found)) throw changed();
    await settle(db, services, actor, found, verdict);
  });
  services.announce.hidden(petition);
}

/** As what everything of a petition is announced: nothing of it is hidden. */
const WHOLE: Ref = { subject: 'petition', item: '' };

/** So many are decided in one transaction. */
const AT_ONCE = 500;

/**
 * Keeps everything of a petition that readers have flagged, up to the last that was seen, so many at
 * once: for when somebody flags whatever there is.
 */
export async function keepAll(
  services: ReportServices,
  actor: Actor,
  petition: Petition,
  last: string,
): Promise<void> {
  await inTurn(services.db, petition, WHOLE, async (db) => {
    for (const ref of await findFlaggedUpTo(db, petition.id, { last, limit: AT_ONCE })) {
      await lockFlagged(db, petition.id, ref);
      const words = await findWords(db, petition, ref);
      await settle(db, services, actor, { petition, ref, words }, KEPT);
    }
  });
  services.announce.hidden(petition);
}

/** Shows again what was removed. Throws AppError as above. */
export async function undo(
  services: ReportServices,
  actor: Actor,
  { petition, ref }: Pick<Case, 'petition' | 'ref'>,
  seen: string,
): Promise<void> {
  await inTurn(services.db, petition, ref, async (db) => {
    const found = await findCase(db, petition, ref);
    const { last, words } = found;
    if (last === null || seenOf(found) !== seen || !isUndoable(found)) throw changed();
    if (!(await saveUndone(db, last)) || !(await words?.saveStanding?.(db, 'kept'))) {
      throw changed();
    }
    await note(db, actor, 'report.undone', found, last);
  });
  services.announce.hidden(petition);
}

/** One decides after the other; then every process shows what came of it. */
const inTurn = (
  pool: Pool,
  petition: Petition,
  ref: Ref,
  work: (db: Db) => Promise<void>,
): Promise<void> =>
  transaction(pool, async (db) => {
    await holdDecisions(db, petition.id);
    await work(db);
    await announceWords(db, petition, ref);
  });

async function settle(
  db: Db,
  { keys }: Pick<ReportServices, 'keys'>,
  actor: Actor,
  found: Pick<Case, 'petition' | 'ref' | 'words'>,
  { outcome, ground }: Verdict,
): Promise<void> {
  const { petition, ref, words } = found;
  const save = words?.saveStanding ?? null;
  const isPublic = words?.isPublic === true;
  if (outcome === 'removed' && (!isPublic || save === null)) throw changed(); // or a whole petition
  // What is gone was not judged: should it come back, it is as if nobody had flagged it.
  if (save !== null && !(await save(db, isPublic ? outcome : null))) throw changed();
  const decision = await saveDecision(db, actor, {
    subject: ref.subject,
    petition_id: petition.id,
    ...namedIn(ref),
    outcome,
    ground,
    is_public: outcome === 'removed',
  });
  await settleReports(db, keys, petition, ref, outcome);
  await note(db, actor, 'report.decided', found, decision);
}

/** Neither the words nor whose they are. */
const note = (
  db: Db,
  actor: Actor,
  action: string,
  { petition, ref }: Pick<Case, 'petition' | 'ref'>,
  decision: Decision,
) =>
  audit(db, actor, action, {
    petitionId: petition.id,
    details: { subject: ref.subject, outcome: decision.outcome, ground: decision.ground },
  });

const changed = () => new AppError('conflict', 'reports:error.changed');
