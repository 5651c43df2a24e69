import type { Pool } from 'pg';
import type { Db } from '../../../db/sql.ts';
import { transaction } from '../../../db/transaction.ts';
import { audit, type Actor } from '../../accounts/audit.ts';
import { tellMember, type MailServices } from '../../members/mails.ts';
import { isActive } from '../../members/member.ts';
import { findMembers } from '../../members/store.ts';
import { announceChange } from '../../petitions/changes.ts';
import type { Petition } from '../../petitions/petition.ts';
import { findSlug } from '../../petitions/store.ts';
import { settleReports, type ReportServices } from '../../reports/actions.ts';
import type { Decision, Verdict } from '../../decisions/decision.ts';
import { saveDecision, saveUndone } from '../../decisions/store.ts';
import { lockBlock, setBlock } from './store.ts';

export interface BlockServices extends MailServices {
  db: Pool;
  keys: MailServices['keys'] & ReportServices['keys'];
}

/** What readers have flagged when they flagged the petition itself. */
const WHOLE = { subject: 'petition', item: '' } as const;

/**
 * From now on readers are told only that the petition is blocked, and on which ground; those who
 * look after it get a mail, and readers who had flagged it are told. False when it was blocked already.
 */
export const blockPetition = (
  services: BlockServices,
  actor: Actor,
  { id }: Pick<Petition, 'id'>,
  { ground, note }: Verdict,
): Promise<boolean> =>
  transaction(services.db, async (db) => {
    if ((await lockBlock(db, id)) !== null) return false;
    const decision = await saveDecision(db, actor, {
      subject: 'petition',
      outcome: 'removed',
      ground,
      petition_id: id,
      note,
      is_public: true,
    });
    await setBlock(db, id, decision.id);
    await settleReports(db, services.keys, { id }, WHOLE, 'removed');
    await audit(db, actor, 'petition.blocked', { petitionId: id, details: { ground } });
    await tellMembers(services, db, id, 'petition_blocked', { ground, note: note ?? '' });
    await announceChange(db, { what: 'blocked' });
    return true;
  });

/** The petition is as it was before. False when that decision does not block it any more. */
export const undoBlock = (
  services: MailServices & { db: Pool },
  actor: Actor,
  decision: Decision,
): Promise<boolean> =>
  transaction(services.db, async (db) => {
    const { petition_id } = decision;
    if (petition_id === null || (await lockBlock(db, petition_id)) !== decision.id) return false;
    await setBlock(db, petition_id, null);
    await saveUndone(db, decision);
    await audit(db, actor, 'petition.block_undone', { petitionId: petition_id });
    await tellMembers(services, db, petition_id, 'petition_unblocked');
    await announceChange(db, { what: 'petition', slug: await findSlug(db, petition_id) });
    return true;
  });

async function tellMembers(
  services: MailServices,
  db: Db,
  petitionId: string,
  template: 'petition_blocked' | 'petition_unblocked',
  values: Record<string, string> = {},
): Promise<void> {
  const members = await findMembers(db, petitionId);
  for (const member of members.filter(isActive)) {
    await tellMember(services, db, member, {
      template,
      path: (paths, { slug }) => paths.own(slug),
      values,
    });
  }
}
