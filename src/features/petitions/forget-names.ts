import type { Pool } from 'pg';
import { sql, type Db } from '../../db/sql.ts';
import { transaction } from '../../db/transaction.ts';
import { audit, type Actor } from '../accounts/audit.ts';
import { announceChange } from './changes.ts';
import type { Petition } from './petition.ts';

/**
 * Takes the names of the initiator and of translators out of all that a petition says and has said,
 * whether it is open or not: somebody may be in danger. No copy is kept, and no cached page.
 */
export const forgetNames = (
  pool: Pool,
  actor: Actor,
  { id, slug }: Pick<Petition, 'id' | 'slug'>,
): Promise<void> =>
  transaction(pool, async (db) => {
    await emptyNames(db, id);
    await audit(db, actor, 'text.names_forgotten', { petitionId: id });
    await announceChange(db, { what: 'petition', slug });
    await announceChange(db, { what: 'signer', slug });
  });

async function emptyNames(db: Db, petitionId: string): Promise<void> {
  await sql`
    UPDATE petition_texts AS t SET initiator_name = '', initiator_place = '', translator = NULL
    WHERE t.petition_id = ${petitionId}
  `.run(db);
  await sql`
    UPDATE petition_revisions AS r SET initiator_name = '', initiator_place = '', translator = NULL
    WHERE r.petition_id = ${petitionId}
  `.run(db);
  await sql`
    UPDATE text_proposals AS o SET translator = NULL WHERE o.petition_id = ${petitionId}
  `.run(db);
  await sql`
    UPDATE petition_drafts AS d
    SET content = d.content - '{initiator_name,initiator_place}'::text[]
    WHERE d.petition_id = ${petitionId}
  `.run(db);
}
