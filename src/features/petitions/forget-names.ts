import type { Pool } from 'pg';
import { sql, type Db } from '../../db/sql.ts';
import { transaction } from '../../db/transaction.ts';
import { audit, type Actor } from '../accounts/audit.ts';
import { announceChange } from './changes.ts';
import type { Petition } from './petition.ts';

/**
 * Takes the names of the initiator and of translators out of all that a petition says and has said,
 * and what its mails say in the place of the site, whether it is open or not: somebody may be in
 * danger. No copy is kept, and no cached page.
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

/** The petition first: who publishes a text at the same moment waits, or is waited for. */
async function emptyNames(db: Db, petitionId: string): Promise<void> {
  await sql`
    UPDATE petitions AS p SET mail_sender = NULL, mail_subject = NULL WHERE p.id = ${petitionId}
  `.run(db);
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
    SET content = d.content
      - '{initiator_name,initiator_place,mail_sender,mail_subject}'::text[]
    WHERE d.petition_id = ${petitionId}
  `.run(db);
}
