import { z } from 'zod';
import { sql, type Db } from '../../../db/sql.ts';
import type { Locale } from '../../../i18n/locales.ts';
import { ListedPetition } from '../../petitions/petition.ts';
import { versionIn } from '../../petitions/text-store.ts';

const ModeratedPetition = ListedPetition.extend({
  is_blocked: z.boolean(),
  /** Whether somebody who can sign in decides about it. */
  is_looked_after: z.boolean(),
});

export type ModeratedPetition = z.output<typeof ModeratedPetition>;

/**
 * Every petition, the newest first, or those of which a title in any language has these words; those
 * before an id where one is given.
 */
export const findPetitionsTitled = (
  db: Db,
  words: string,
  { before, limit, locale }: { before: string | undefined; limit: number; locale: Locale },
) =>
  sql`
    SELECT p.id, p.slug, p.goal, p.opened_on, p.closes_on, p.submitted_on, p.dialogue_on,
      p.decided_on, p.outcome, t.language, t.title, n.signatures AS signature_count,
      p.block_id IS NOT NULL AS is_blocked,
      EXISTS (
        SELECT FROM petition_members AS m
        JOIN accounts AS a ON a.id = m.account_id AND a.state = 'active'
        WHERE m.petition_id = p.id AND m.role = 'owner'
      ) AS is_looked_after
    FROM petitions AS p
    JOIN petition_totals AS n ON n.petition_id = p.id
    ${versionIn(locale)}
    WHERE p.id < ${before ?? '9223372036854775807'}
      AND EXISTS (
        SELECT FROM petition_texts AS w
        WHERE w.petition_id = p.id AND strpos(lower(w.title), lower(${words})) > 0
      )
    ORDER BY p.id DESC
    LIMIT ${limit}
  `.many(db, ModeratedPetition);
