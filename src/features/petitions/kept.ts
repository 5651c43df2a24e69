import { LRUCache } from 'lru-cache';
import type { Db } from '../../db/sql.ts';
import type { Locale } from '../../i18n/locales.ts';
import type { Petition } from './petition.ts';
import { requirePetition, requirePetitionById } from './store.ts';

/** Petitions that a crowd asks for, kept in memory for a minute. */
export interface KeptPetitions {
  /** Throws AppError `not_found`. */
  require: (slug: string, locale: Locale) => Promise<Petition>;
  requireById: (id: string, locale: Locale) => Promise<Petition>;
  /** When what a petition says of itself may have changed, unlike its signatures. */
  forget: () => void;
}

export function keepPetitions(db: Db): KeptPetitions {
  const kept = new LRUCache<string, Promise<Petition>>({ max: 1000, ttl: 60_000 });
  const keep = (key: string, find: () => Promise<Petition>) => {
    let petition = kept.get(key);
    if (petition === undefined) {
      petition = find();
      kept.set(key, petition);
      petition.catch(() => kept.delete(key));
    }
    return petition;
  };
  return {
    require: (slug, locale) => keep(`${locale} ${slug}`, () => requirePetition(db, slug, locale)),
    requireById: (id, locale) =>
      keep(`${locale} #${id}`, () => requirePetitionById(db, id, locale)),
    forget() {
      kept.clear();
    },
  };
}
