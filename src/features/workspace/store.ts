import type { z } from 'zod';
import { sql, type Db } from '../../db/sql.ts';
import type { Locale } from '../../i18n/locales.ts';
import type { Account } from '../accounts/account.ts';
import { ListedPetition, Petition } from '../petitions/petition.ts';

/** A petition as those see it who look after it. */
const OwnPetition = ListedPetition.extend({ languages: Petition.shape.languages });

export type OwnPetition = z.output<typeof OwnPetition>;

/** The petitions that the account looks after, the newest first. */
export const findOwnPetitions = (db: Db, account: Account, locale: Locale) =>
  sql`
    SELECT p.id, p.slug, p.goal, p.opened_on, p.closes_on, p.submitted_on, p.dialogue_on,
      p.decided_on, p.outcome, t.language, t.title, n.signatures AS signature_count,
      ARRAY(
        SELECT l.language FROM petition_texts AS l WHERE l.petition_id = p.id ORDER BY l.language
      ) AS languages
    FROM petition_members AS m
    JOIN petitions AS p ON p.id = m.petition_id
    JOIN petition_totals AS n ON n.petition_id = p.id
    JOIN LATERAL (
      SELECT v.language, v.title
      FROM petition_texts AS v
      WHERE v.petition_id = p.id AND v.language IN (${locale}, p.original_language)
      ORDER BY (v.language = ${locale}) DESC
      LIMIT 1
    ) AS t ON true
    WHERE m.account_id = ${account.id}
    ORDER BY p.opened_on DESC, p.id DESC
  `.many(db, OwnPetition);
