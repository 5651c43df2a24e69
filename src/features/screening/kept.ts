import { LRUCache } from 'lru-cache';
import type { Form } from '../../forms/form.ts';
import type { Db } from '../../db/sql.ts';
import { screenBy, type Screened } from './screening.ts';
import { findEntries } from './store.ts';

const MINUTE_MS = 60_000;

/** What is wrong with a signer's form by the lists. */
export type Screen = (form: Screened) => Promise<Form['errors']>;

/** The lists are kept in memory for a minute: so long another process may go by the former ones. */
export function keepScreen(db: Db, age: number = MINUTE_MS): Screen {
  const kept = new LRUCache<'lists', Promise<ReturnType<typeof screenBy>>>({ max: 1, ttl: age });
  return async (form) => {
    let screen = kept.get('lists');
    if (screen === undefined) {
      screen = findEntries(db).then(screenBy);
      kept.set('lists', screen);
      screen.catch(() => kept.delete('lists'));
    }
    return (await screen)(form);
  };
}
