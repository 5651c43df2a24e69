import { z } from 'zod';
import { sql, type Db } from '../../db/sql.ts';
import { MILESTONES, Reached } from './milestone.ts';

/** Open petitions with a milestone that nobody was told of. */
export const findReached = (db: Db, today: Temporal.PlainDate): Promise<Reached[]> =>
  sql`
    SELECT p.id, p.slug, r.milestone, n.signatures AS signature_count
    FROM petition_totals AS n
    JOIN petitions AS p ON p.id = n.petition_id
    JOIN LATERAL (
      SELECT max(m.percent) AS milestone
      FROM unnest(${[...MILESTONES]}::integer[]) AS m (percent)
      WHERE n.signatures::bigint * 100 >= p.goal::bigint * m.percent
    ) AS r ON r.milestone > n.milestone
    WHERE n.milestone < 100 AND p.opened_on <= ${today} AND p.closes_on > ${today}
      AND p.block_id IS NULL
    ORDER BY p.id
  `.many(db, Reached);

/** False when it was told already. */
export const saveMilestone = async (db: Db, { id, milestone }: Reached): Promise<boolean> => {
  const saved = await sql`
    UPDATE petition_totals AS n SET milestone = ${milestone}
    WHERE n.petition_id = ${id} AND n.milestone < ${milestone}
    RETURNING n.petition_id
  `.maybeOne(db, z.object({ petition_id: z.string() }));
  return saved !== null;
};
