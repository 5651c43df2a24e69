import type { Pool } from 'pg';
import { sql, type Db, type Query } from '../../db/sql.ts';
import { transaction } from '../../db/transaction.ts';
import type { Locale } from '../../i18n/locales.ts';
import { PetitionCard, type Cursor, type Listing, type Order } from './listing.ts';

/** So many of the petitions that fit a search best are looked at. */
const MATCHES = 500;

/** How similar a misspelt word has to be (pg_trgm's word_similarity: 0 to 1). */
const SIMILARITY = 0.45;

/** Shorter words are like too many others. */
const SHORTEST_MISSPELT = 4;

interface Page {
  locale: Locale;
  today: Temporal.PlainDate;
  limit: number;
}

/** The same as `findPetitions`, with the site's own measure of what is misspelt. */
export const searchPetitions = (pool: Pool, listing: Listing, page: Page) =>
  transaction(pool, async (db) => {
    await sql`
      SELECT set_config('pg_trgm.word_similarity_threshold', ${String(SIMILARITY)}, true)
    `.run(db);
    return findPetitions(db, listing, page);
  });

/** One page of a list: the petitions after its cursor, in its order. */
export const findPetitions = (
  db: Db,
  { words, stage, topic, order, after }: Listing,
  { locale, today, limit }: Page,
): Promise<PetitionCard[]> => {
  const { position, id, ascending } = POSITIONS[order];
  return sql`
    SELECT p.id, p.slug, p.goal, p.topic, p.opened_on, p.closes_on, p.submitted_on, p.dialogue_on,
      p.decided_on, v.language, v.title, v.recipient, n.signatures AS signature_count,
      (${position})::text AS position
    FROM petitions AS p
    JOIN petition_totals AS n ON n.petition_id = p.id
    JOIN LATERAL (
      SELECT t.language, t.title, t.recipient
      FROM petition_texts AS t
      WHERE t.petition_id = p.id AND t.language IN (${locale}, p.original_language)
      ORDER BY (t.language = ${locale}) DESC
      LIMIT 1
    ) AS v ON true
    ${words === null ? sql`` : sql`JOIN (${matching(words, locale)}) AS m ON m.petition_id = p.id`}
    WHERE ${isIn(stage, today)}
      ${topic === null ? sql`` : sql`AND p.topic = ${topic}`}
      ${after === null ? sql`` : isAfter(order, after)}
    ORDER BY ${ascending ? sql`${position}, ${id}` : sql`${position} DESC, ${id} DESC`}
    LIMIT ${limit}
  `.many(db, PetitionCard);
};

/** What a list is ordered by: two columns of one table, so that an index can have them. */
const POSITIONS: Record<Order, { position: Query; id: Query; ascending: boolean }> = {
  newest: { position: sql`p.opened_on`, id: sql`p.id`, ascending: false },
  signed: { position: sql`n.signatures`, id: sql`n.petition_id`, ascending: false },
  ending: { position: sql`p.closes_on`, id: sql`p.id`, ascending: true },
  trending: { position: sql`n.recent`, id: sql`n.petition_id`, ascending: false },
  best: { position: sql`m.rank`, id: sql`m.petition_id`, ascending: false },
};

function isAfter(order: Order, last: Cursor): Query {
  const { position, id, ascending } = POSITIONS[order];
  if (ascending) return sql`AND (${position}, ${id}) > (${last.value}::date, ${last.id}::bigint)`;
  const value = order === 'newest' ? sql`${last.value}::date` : sql`${last.value}::integer`;
  return sql`AND (${position}, ${id}) < (${value}, ${last.id}::bigint)`;
}

/** The petitions of a stage, as `stageOf` says it of one; none that is not open yet. */
function isIn(stage: Listing['stage'], today: Temporal.PlainDate): Query {
  const isOpened = sql`p.opened_on <= ${today}`;
  switch (stage) {
    case 'collection':
      return sql`${isOpened} AND p.closes_on > ${today}`;
    case 'submission':
      return sql`p.closes_on <= ${today} AND p.dialogue_on IS NULL AND p.decided_on IS NULL`;
    case 'dialogue':
      return sql`p.dialogue_on IS NOT NULL AND p.decided_on IS NULL`;
    case 'decision':
      return sql`p.decided_on IS NOT NULL`;
    default:
      return isOpened;
  }
}

/**
 * Petitions of which a language version fits: words in any of their forms, best where they stand in
 * the title, and after those what is spelt alike. Of equals, what is in the reader's language first.
 */
const matching = (words: string, locale: Locale): Query => sql`
  SELECT f.petition_id, max(f.rank + CASE WHEN f.language = ${locale} THEN 200 ELSE 0 END) AS rank
  FROM (
    ${stemmed('sv', 'swedish', words)}
    UNION ALL
    ${stemmed('en', 'english', words)}
    UNION ALL
    ${stemmed('ru', 'russian', words)}
    UNION ALL
    SELECT s.petition_id, s.language,
      (1000 * word_similarity(searchable(${words}), searchable(s.title || ' ' || s.recipient)))::integer
    FROM petition_texts AS s
    WHERE searchable(s.title || ' ' || s.recipient) %> searchable(${words})
      AND ${words.length >= SHORTEST_MISSPELT}
  ) AS f (petition_id, language, rank)
  GROUP BY f.petition_id
  ORDER BY rank DESC, f.petition_id DESC
  LIMIT ${MATCHES}
`;

const stemmed = (language: Locale, dictionary: string, words: string): Query => sql`
  SELECT s.petition_id, s.language,
    (1000 + 1000 * ts_rank(s.search, plainto_tsquery(${dictionary}::regconfig, ${words})))::integer
  FROM petition_texts AS s
  WHERE s.language = ${language}
    AND s.search @@ plainto_tsquery(${dictionary}::regconfig, ${words})
`;
