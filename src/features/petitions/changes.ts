import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import { listen } from '../../db/listen.ts';
import { throttle } from '../../throttle.ts';

const CHANNEL = 'petition_changed';
const PAUSE_MS = 1000;

/** What a process does about petitions that changed, whoever changed them. */
export interface ChangeListener {
  /** One petition, by its slug. */
  changed: (slug: string) => void;
  /** Any of them may have. */
  changedAll: () => void;
}

export const listenForChanges = (directUrl: string, { changed, changedAll }: ChangeListener) =>
  listen(directUrl, CHANNEL, { heard: changed, missed: changedAll });

/**
 * Tells this process at once, and all others by NOTIFY, that a petition changed; at most once a
 * second for each petition.
 */
export function createAnnouncer(
  db: Pool,
  changed: (slug: string) => void,
  onError: (error: unknown) => void,
): (slug: string) => void {
  const announcers = new LRUCache<string, () => void>({ max: 10_000 });
  return (slug) => {
    let announce = announcers.get(slug);
    if (announce === undefined) {
      announce = throttle(PAUSE_MS, () => {
        changed(slug);
        db.query(`SELECT pg_notify('${CHANNEL}', $1)`, [slug]).catch(onError);
      });
      announcers.set(slug, announce);
    }
    announce();
  };
}
