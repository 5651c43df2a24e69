import type { Pool } from 'pg';
import { sql, type Db, type Query } from '../../db/sql.ts';
import { transaction } from '../../db/transaction.ts';
import type { Locale } from '../../i18n/locales.ts';
import { PetitionCard, type Cursor, type Listing, type Order } from './listing.ts';

/** So many of the petitions that fit a search best are looked at. */
const MATCHES = 500;

/** How similar a misspelt word has to be (pg_trgm's word_similarity: 0 to 1). */
const SIMILARITY = 0.45;

/** One page of a list: the petitions after its cursor, in its order. */
export async function findPetitions(
  pool: Pool,
  listing: Listing,
  { locale, today, limit }: { locale: Locale; today: Temporal.PlainDate; limit: number },
): Promise<PetitionCard[]> {
  const page = pageOf(listing, locale, today, limit);
  if (listing.words === null) return page.many(pool, PetitionCard);
  return transaction(pool, async (db) => {
    await setSimilarity(db);
    return page.many(db, PetitionCard);
  });
}

const setSimilarity = (db: Db) =>
  sql`
    SELECT set_config('pg_trgm.word_similarity_threshold', ${String(SIMILARITY)}, true)
  `.run(db);

function pageOf(
  { words, stage, topic, order, after }: Listing,
  locale: Locale,
  today: Temporal.PlainDate,
  limit: number,
): Query {
  const { position, ascending } = POSITIONS[order];
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
    ${words === null ? sql`` : sql`JOIN (${matching(words)}) AS m ON m.petition_id = p.id`}
    WHERE ${isIn(stage, today)}
      ${topic === null ? sql`` : sql`AND p.topic = ${topic}`}
      ${after === null ? sql`` : isAfter(order, after)}
    ORDER BY ${ascending ? sql`${position}, p.id` : sql`${position} DESC, p.id DESC`}
    LIMIT ${limit}
  `;
}

const POSITIONS: Record<Order, { position: Query; ascending: boolean }> = {
  newest: { position: sql`p.opened_on`, ascending: false },
  signed: { position: sql`n.signatures`, ascending: false },
  ending: { position: sql`p.closes_on`, ascending: true },
  trending: { position: sql`n.recent`, ascending: false },
  best: { position: sql`m.rank`, ascending: false },
};

function isAfter(order: Order, { value, id }: Cursor): Query {
  const { position, ascending } = POSITIONS[order];
  if (ascending) return sql`AND (${position}, p.id) > (${value}::date, ${id}::bigint)`;
  const last = order === 'newest' ? sql`${value}::date` : sql`${value}::integer`;
  return sql`AND (${position}, p.id) < (${last}, ${id}::bigint)`;
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
 * the title, and after those what is spelt alike.
 */
const matching = (words: string): Query => sql`
  SELECT f.petition_id, max(f.rank) AS rank
  FROM (
    ${stemmed('sv', 'swedish', words)}
    UNION ALL
    ${stemmed('en', 'english', words)}
    UNION ALL
    ${stemmed('ru', 'russian', words)}
    UNION ALL
    SELECT s.petition_id,
      (1000 * word_similarity(searchable(${words}), searchable(s.title || ' ' || s.recipient)))::integer
    FROM petition_texts AS s
    WHERE searchable(s.title || ' ' || s.recipient) %> searchable(${words})
  ) AS f (petition_id, rank)
  GROUP BY f.petition_id
  ORDER BY max(f.rank) DESC, f.petition_id DESC
  LIMIT ${MATCHES}
`;

const stemmed = (language: Locale, dictionary: string, words: string): Query => sql`
  SELECT s.petition_id,
    (1000 + 1000 * ts_rank(s.search, websearch_to_tsquery(${dictionary}::regconfig, ${words})))::integer
  FROM petition_texts AS s
  WHERE s.language = ${language}
    AND s.search @@ websearch_to_tsquery(${dictionary}::regconfig, ${words})
`;
