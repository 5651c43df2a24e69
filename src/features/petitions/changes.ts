import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import { z } from 'zod';
import { listen } from '../../db/listen.ts';
import { sql, type Db } from '../../db/sql.ts';
import { throttle } from '../../throttle.ts';
import { refreshTotal } from './totals.ts';

const CHANNEL = 'petition_changed';
const PAUSE_MS = 1000;

/**
 * What changed of a petition: its signatures, what others may see of a signer, what was counted,
 * what it says, or that it, or what it says in a language, may not be seen at all. Or the list of
 * decisions did.
 */
const Change = z.discriminatedUnion('what', [
  z.object({ what: z.literal('signer'), slug: z.string() }),
  z.object({ what: z.literal('signatures'), slug: z.string(), signature_count: z.number() }),
  z.object({ what: z.literal('statistics'), slug: z.string() }),
  z.object({ what: z.literal('petition'), slug: z.string() }),
  z.object({ what: z.literal('blocked') }),
  z.object({ what: z.literal('decisions') }),
]);

export type Change = z.output<typeof Change>;

/** What a process does about petitions that changed, whoever changed them. */
export interface ChangeListener {
  changed: (change: Change) => void;
  /** Any of them may change from now on, and nobody would tell. */
  changedAll: () => void;
  /** Any of them may have changed, and any name or petition may have been hidden. */
  forgetAll: () => void;
}

export const listenForChanges = (directUrl: string, listener: ChangeListener) =>
  listen(directUrl, CHANNEL, {
    heard(payload) {
      listener.changed(Change.parse(JSON.parse(payload)));
    },
    lost: listener.changedAll,
    back: listener.forgetAll,
  });

/** Tells every process. */
export const announceChange = (db: Db, change: Change) =>
  sql`SELECT pg_notify(${CHANNEL}, ${JSON.stringify(change)})`.run(db);

/** Says what somebody did to a signature of a petition. */
export interface Announce {
  /** The count has changed: told at most once a second for each petition. */
  signed: (petition: Named) => void;
  /**
   * Something may be seen no longer, which every process is told by the transaction that hid it
   * (`announceChange` with `signer`); this one need not wait for that. The count follows.
   */
  hidden: (petition: Named) => void;
}

interface Named {
  id: string;
  slug: string;
}

/** What this process does before any other has heard of it. */
interface Own {
  /** What is shown of the petition is no longer true. */
  stale: (slug: string) => void;
  /** It may not be shown any more. */
  forget: (slug: string) => void;
}

/** Brings the petition's total up to date and tells every process, this one too. */
export function createAnnouncer(
  db: Pool,
  { stale, forget }: Own,
  onError: (error: unknown) => void,
): Announce {
  const tell = async ({ id, slug }: Named) => {
    stale(slug);
    const signature_count = await refreshTotal(db, id);
    await announceChange(db, { what: 'signatures', slug, signature_count });
  };
  const announcers = new LRUCache<string, () => void>({ max: 10_000 });
  const signed = (petition: Named) => {
    let announce = announcers.get(petition.id);
    if (announce === undefined) {
      announce = throttle(PAUSE_MS, () => {
        tell(petition).catch(onError);
      });
      announcers.set(petition.id, announce);
    }
    announce();
  };
  return {
    signed,
    hidden(petition) {
      forget(petition.slug);
      signed(petition);
    },
  };
}
