import pLimit from 'p-limit';
import type { Pool } from 'pg';
import { z } from 'zod';
import { sql, type Db, type Query } from '../../db/sql.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors.ts';
import { REGION_CODES } from '../../i18n/format.ts';
import { LOCALES, type Locale } from '../../i18n/locales.ts';
import { PetitionCard, type Cursor, type Listing, type Order } from './listing.ts';
import { isShown } from './standing.ts';
import { versionIn } from './text-store.ts';

/** Of the versions in a language that fit a search so many are compared, and so many of its words. */
const MATCHES = 1000;
const MOST_WORDS = 8;

/** So many petitions, the best of them, can be paged through. */
const BEST = 500;

/** How similar a misspelt word has to be (pg_trgm's word_similarity: 0 to 1). */
const SIMILARITY = 0.45;

/** Shorter words are like too many others. */
const SHORTEST_MISSPELT = 4;

/** A search that takes longer is given up. */
const PATIENCE_MS = 1000;

/** So many searches run at once in a process, and so many wait: signing has connections left. */
const AT_ONCE = 3;
const WAITING = 30;

const DICTIONARIES: Record<Locale, string> = { sv: 'swedish', en: 'english', ru: 'russian' };

interface Page {
  locale: Locale;
  today: Temporal.PlainDate;
  limit: number;
}

const turns = pLimit(AT_ONCE);

/** One page of what a search finds. Throws AppError `busy` when too much is searched for. */
export const searchPetitions = (pool: Pool, listing: Listing, page: Page) =>
  inTurn(pool, (db) => findMatching(db, listing, page));

/**
 * Open petitions of which a title is like this one, the likest first, though not each word is the
 * same. Throws AppError as above.
 */
export const searchSimilar = (pool: Pool, title: string, page: Page) =>
  inTurn(pool, async (db) => {
    await prepareSearch(db, []);
    const listing: Listing = { ...SIMILAR, words: title };
    return list(db, listing, page, alike(title));
  });

const SIMILAR = {
  stage: 'collection',
  topic: null,
  region: null,
  order: 'best',
  after: null,
} as const;

async function inTurn(
  pool: Pool,
  search: (db: Db) => Promise<PetitionCard[]>,
): Promise<PetitionCard[]> {
  if (turns.pendingCount >= WAITING) throw busy();
  return turns(() => transaction(pool, search)).catch((error: unknown) => {
    throw (error as { code?: string }).code === CANCELLED ? busy() : error;
  });
}

/** The same, in a transaction. */
export async function findMatching(db: Db, listing: Listing, page: Page): Promise<PetitionCard[]> {
  const words = wordsOf(listing.words ?? '');
  const terms = await prepareSearch(db, words);
  return list(db, listing, page, matching(words.join(' '), terms, page.locale));
}

const busy = () => new AppError('busy', 'petitions:search.busy');

/** PostgreSQL's code for a statement that took too long. */
const CANCELLED = '57014';

/** Each once, in small letters. */
const wordsOf = (text: string): string[] =>
  [...new Set(text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu))].slice(0, MOST_WORDS);

/** The words of a search that mean something in a language; the others are everywhere. */
type Terms = Record<Locale, string[]>;

const Term = z.object({ word: z.string(), sv: z.boolean(), en: z.boolean(), ru: z.boolean() });

/** Sets this transaction's own terms of what is alike, and of how long a search may take. */
async function prepareSearch(db: Db, words: string[]): Promise<Terms> {
  await sql`
    SELECT set_config('pg_trgm.word_similarity_threshold', ${String(SIMILARITY)}, true),
      set_config('statement_timeout', ${String(PATIENCE_MS)}, true)
  `.run(db);
  const found = await sql`
    SELECT w.word, numnode(plainto_tsquery('swedish', w.word)) > 0 AS sv,
      numnode(plainto_tsquery('english', w.word)) > 0 AS en,
      numnode(plainto_tsquery('russian', w.word)) > 0 AS ru
    FROM unnest(${words}::text[]) WITH ORDINALITY AS w (word, n)
    ORDER BY w.n
  `.many(db, Term);
  const of = (locale: Locale) => found.filter((term) => term[locale]).map(({ word }) => word);
  return { sv: of('sv'), en: of('en'), ru: of('ru') };
}

/** One page of a list: the petitions after its cursor, in its order. */
export const findPetitions = (db: Db, listing: Listing, page: Page): Promise<PetitionCard[]> =>
  list(db, listing, page, null);

const list = (
  db: Db,
  { stage, topic, region, order, after }: Listing,
  { locale, today, limit }: Page,
  matches: Query | null,
): Promise<PetitionCard[]> => {
  const { position, id, ascending } = POSITIONS[order];
  return sql`
    SELECT p.id, p.slug, p.goal, p.topic, p.region, p.opened_on, p.closes_on, p.submitted_on,
      p.dialogue_on, p.decided_on, p.outcome, t.language, t.title, t.recipient,
      n.signatures AS signature_count,
      (
        SELECT jsonb_build_object('id', i.id, 'width', i.width, 'height', i.height)
        FROM pictures AS i WHERE i.id = p.picture_id
      ) AS picture,
      (${position})::text AS position
    FROM petitions AS p
    JOIN petition_totals AS n ON n.petition_id = p.id
    ${versionIn(locale)}
    ${matches === null ? sql`` : sql`JOIN (${matches}) AS m ON m.petition_id = p.id`}
    WHERE ${isIn(stage, today)} AND p.block_id IS NULL
      ${topic === null ? sql`` : sql`AND p.topic = ${topic}`}
      ${region === null ? sql`` : sql`AND p.region = ${region}`}
      ${after === null ? sql`` : isAfter(order, after)}
    ORDER BY ${ascending ? sql`${position}, ${id}` : sql`${position} DESC, ${id} DESC`}
    LIMIT ${limit}
  `.many(db, PetitionCard);
};

/** The regions of petitions that can be signed, each found by a look into the index. */
export const findRegions = async (db: Db, today: Temporal.PlainDate): Promise<string[]> => {
  const found = await sql`
    SELECT c.region
    FROM unnest(${[...REGION_CODES]}::text[]) AS c (region)
    WHERE EXISTS (
      SELECT FROM petitions AS p
      WHERE p.region = c.region AND p.opened_on <= ${today} AND p.closes_on > ${today}
        AND p.block_id IS NULL
    )
  `.many(db, z.object({ region: z.string() }));
  return found.map(({ region }) => region);
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
 * Petitions of which a language version has every word, in any of its forms, or one that is spelt
 * alike in its title or recipient. Of equals, what is in the reader's language first.
 */
function matching(words: string, terms: Terms, locale: Locale): Query {
  const versions = LOCALES.filter((language) => terms[language].length > 0).map((language) =>
    versionsWith(language, words, terms[language]),
  );
  const [first = sql`SELECT NULL::bigint, NULL::text, NULL::integer WHERE false`, ...others] =
    versions;
  const all = others.reduce((sum, next) => sql`${sum} UNION ALL ${next}`, first);
  return sql`
    SELECT f.petition_id, max(f.rank + CASE WHEN f.language = ${locale} THEN 200 ELSE 0 END) AS rank
    FROM (${all}) AS f (petition_id, language, rank)
    GROUP BY f.petition_id
    ORDER BY rank DESC, f.petition_id DESC
    LIMIT ${BEST}
  `;
}

const alike = (title: string): Query => sql`
  SELECT s.petition_id,
    max((1000 * word_similarity(searchable(${title}), searchable(s.title || ' ' || s.recipient)))::integer)
      AS rank
  FROM petition_texts AS s
  WHERE searchable(s.title || ' ' || s.recipient) %> searchable(${title})
    AND ${isShown(sql`s.standing`)}
  GROUP BY s.petition_id
  ORDER BY rank DESC, s.petition_id DESC
  LIMIT ${BEST}
`;

function versionsWith(language: Locale, words: string, terms: string[]): Query {
  const asked = (text: string) =>
    sql`plainto_tsquery(${DICTIONARIES[language]}::regconfig, ${text})`;
  const has = (term: string) =>
    term.length < SHORTEST_MISSPELT
      ? sql`s.search @@ ${asked(term)}`
      : sql`(
          s.search @@ ${asked(term)}
          OR searchable(s.title || ' ' || s.recipient) %> searchable(${term})
        )`;
  const all = terms.map(has).reduce((every, next) => sql`${every} AND ${next}`);
  return sql`
    SELECT c.petition_id, c.language, (
        CASE WHEN c.search @@ ${asked(words)}
          THEN 1000 + 1000 * ts_rank(c.search, ${asked(words)}) ELSE 0 END
        + 500 * word_similarity(searchable(${words}), searchable(c.title || ' ' || c.recipient))
      )::integer AS rank
    FROM (
      SELECT s.petition_id, s.language, s.search, s.title, s.recipient
      FROM petition_texts AS s
      WHERE s.language = ${language} AND ${all} AND ${isShown(sql`s.standing`)}
      LIMIT ${MATCHES}
    ) AS c
  `;
}
