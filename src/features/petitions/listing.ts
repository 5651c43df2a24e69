import { z } from 'zod';
import { REGION_CODES } from '../../i18n/format.ts';
import { Picture } from './picture.ts';
import { ListedPetition, Petition, STAGES, TOPICS, type Topic } from './petition.ts';

/** Lists show petitions from the collection on: what is started is not open yet. */
export const LISTED_STAGES = STAGES.slice(1) as (
  'collection' | 'submission' | 'dialogue' | 'decision'
)[];

export const STAGE_FILTERS = [...LISTED_STAGES, 'all'] as const;

export type StageFilter = (typeof STAGE_FILTERS)[number];

/** How a list is ordered; the first is the usual one, but for a search, where the best come first. */
export const ORDERS = ['newest', 'signed', 'ending', 'trending', 'best'] as const;

export type Order = (typeof ORDERS)[number];

/** Which petitions a reader wants to see, and from where on. */
export interface Listing {
  /** What was searched for, or null. */
  words: string | null;
  stage: StageFilter;
  topic: Topic | null;
  /** A code, or null for any part of the world. */
  region: string | null;
  order: Order;
  /** The last petition of the page before, as `cursorAfter` made it, or null. */
  after: Cursor | null;
}

/** What a list is ordered by, of its last petition: a day or a number, then the petition's id. */
export interface Cursor {
  value: string;
  id: string;
}

/** Only for petitions that still collect does it matter how fast they do and how long. */
export function ordersOf({ stage, words }: Pick<Listing, 'stage' | 'words'>): Order[] {
  return ORDERS.filter((order) => {
    if (order === 'best') return words !== null;
    return stage === 'collection' || order === 'newest' || order === 'signed';
  });
}

export const usualOrder = (words: string | null): Order => (words === null ? 'newest' : 'best');

/** A search looks everywhere, a list shows what can be signed. */
export const usualStage = (words: string | null): StageFilter =>
  words === null ? 'collection' : 'all';

/** A petition as lists show it. */
export const PetitionCard = ListedPetition.extend({
  topic: Petition.shape.topic,
  region: Petition.shape.region,
  recipient: Petition.shape.recipient,
  picture: Picture.nullable(),
  /** What the list is ordered by. */
  position: z.string(),
});

export type PetitionCard = z.output<typeof PetitionCard>;

export const cursorAfter = ({ position, id }: PetitionCard): string => `${position}.${id}`;

const oneOf = <T extends string>(values: readonly T[]) =>
  z.enum(values).optional().catch(undefined);

const DAY_OR_NUMBER = /^([1-9]\d{3}-\d\d-\d\d|\d{1,9})\.(\d{1,18})$/;

/**
 * What an address asks for. Whatever cannot be read counts as not asked for, so that every address
 * that somebody has kept or mistyped shows a list.
 */
export const ListingQuery = z
  .object({
    q: z
      .string()
      .max(200)
      .transform((words) =>
        words
          .normalize('NFC')
          .replaceAll(/[\p{C}\s]+/gu, ' ')
          .trim()
          .slice(0, 100),
      )
      .optional()
      .catch(undefined),
    stage: oneOf(STAGE_FILTERS),
    topic: oneOf(TOPICS),
    region: oneOf([...REGION_CODES]),
    order: oneOf(ORDERS),
    after: z.string().regex(DAY_OR_NUMBER).optional().catch(undefined),
  })
  .transform(({ q, stage, topic, region, order, after }): Listing => {
    const words = q || null;
    const chosen = { words, stage: stage ?? usualStage(words) };
    const orders = ordersOf(chosen);
    const known = order !== undefined && orders.includes(order) ? order : usualOrder(words);
    const [, value = '', id = ''] = DAY_OR_NUMBER.exec(after ?? '') ?? [];
    const fits = value.includes('-') === (known === 'newest' || known === 'ending');
    return {
      ...chosen,
      topic: topic ?? null,
      region: region ?? null,
      order: known,
      after: id !== '' && fits && isPossible(value) ? { value, id } : null,
    };
  });

function isPossible(value: string): boolean {
  if (!value.includes('-')) return true;
  try {
    Temporal.PlainDate.from(value);
    return true;
  } catch {
    return false;
  }
}

/** What a list looks at of its address, in the usual way of writing it; null for a search. */
export function lookedAt(query: URLSearchParams): Record<string, string | null> | null {
  const once = Object.fromEntries(
    [...new Set(query.keys())].map((name) => {
      const [value, ...more] = query.getAll(name);
      return [name, more.length === 0 ? value : undefined];
    }),
  );
  const { after, ...listing } = ListingQuery.parse(once);
  if (listing.words !== null) return null;
  return queryOf({ ...listing, after: after === null ? null : `${after.value}.${after.id}` });
}

/** The query of the address that shows this list: only what differs from the usual. */
export const queryOf = (listing: Omit<Listing, 'after'> & { after?: string | null }) => ({
  q: listing.words,
  stage: listing.stage === usualStage(listing.words) ? null : listing.stage,
  topic: listing.topic,
  region: listing.region,
  order: listing.order === usualOrder(listing.words) ? null : listing.order,
  after: listing.after ?? null,
});
