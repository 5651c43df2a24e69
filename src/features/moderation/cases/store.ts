import { sql, type Db } from '../../../db/sql.ts';
import type { Account } from '../../accounts/account.ts';
import { Other, type Case } from './case.ts';

/** Whoever has not been seen for so long has left. */
const LEFT = sql`interval '10 minutes'`;

/** Notes that the account looks at a case. What others have left is forgotten. */
export async function noteOpen(db: Db, { subject, id }: Case, account: Account): Promise<void> {
  await sql`DELETE FROM open_cases AS c WHERE c.seen_at < now() - ${LEFT}`.run(db);
  await sql`
    INSERT INTO open_cases AS c (subject, subject_id, account_id, opened_at, seen_at)
    VALUES (${subject}, ${id}, ${account.id}, now(), now())
    ON CONFLICT (subject, subject_id, account_id) DO UPDATE SET seen_at = excluded.seen_at
  `.run(db);
}

/** Who else looks at one of these cases, those first who came first. */
export const findOthers = (
  db: Db,
  subject: Case['subject'],
  ids: readonly string[],
  account: Account,
) =>
  sql`
    SELECT c.subject_id, c.account_id, a.role, c.opened_at
    FROM open_cases AS c
    JOIN accounts AS a ON a.id = c.account_id AND a.state = 'active' AND a.role <> 'initiator'
    WHERE c.subject = ${subject} AND c.subject_id = ANY (${[...ids]}::bigint[])
      AND c.account_id <> ${account.id} AND c.seen_at >= now() - ${LEFT}
    ORDER BY c.opened_at, c.account_id
  `.many(db, Other);
