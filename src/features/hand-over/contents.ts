import type { Pool } from 'pg';
import { patient } from '../../db/patient.ts';
import type { Export } from '../exports/export.ts';
import { countSecret } from '../exports/signature-store.ts';
import { findExports } from '../exports/store.ts';
import type { Petition } from '../petitions/petition.ts';
import { requireEvenBlocked } from '../petitions/store.ts';
import { requireCount } from '../petitions/totals.ts';
import { findSupporters } from '../signatures/shown-store.ts';
import type { StageEntry } from '../stages/entry.ts';
import { findEntries } from '../stages/store.ts';
import { statisticsOf, type Statistics } from '../statistics/statistics.ts';
import { findCounted } from '../statistics/store.ts';
import type { HandOverRequest } from './hand-over.ts';

/** What a document tells, but for the names. */
export interface Contents {
  petition: Petition;
  /** Confirmed on this site, at this moment. */
  here: number;
  secret_count: number;
  /** The rest of the numbers, as everybody sees them. */
  statistics: Statistics;
  /** What happened to the petition, the oldest first. */
  entries: StageEntry[];
  /** The file of signatures that goes with it, or null. */
  file: Export | null;
  with_names: boolean;
}

/** Throws AppError `not_found`. */
export async function findContents(
  db: Pool,
  slug: string,
  { language, with_names, export_id }: HandOverRequest,
): Promise<Contents> {
  const petition = await requireEvenBlocked(db, slug, language);
  const [count, secret_count, counted, entries, files] = await Promise.all([
    requireCount(db, petition.id),
    countSecret(patient(db), petition.id),
    findCounted(db, petition.id),
    findEntries(db, petition.id),
    findFiles(db, petition.id),
  ]);
  return {
    petition,
    here: count.signature_count - count.elsewhere,
    secret_count,
    statistics: statisticsOf(counted),
    entries: entries.reverse(),
    file: files.find(({ id }) => id === export_id) ?? null,
    with_names,
  };
}

/** The exports of a petition of which a document can tell the checksum. */
export const findFiles = async (db: Pool, petitionId: string): Promise<Export[]> =>
  (await findExports(db, petitionId)).filter(({ state }) => state === 'finished');

const PAGE = 500;

/**
 * The names that everybody sees, the latest first, some hundreds at a time. Each page is read anew,
 * when it is asked for: who has withdrawn or hidden the name by then is not in it.
 */
export async function* namesOf(db: Pool, { id }: Pick<Petition, 'id'>): AsyncGenerator<string[]> {
  let before: string | undefined;
  for (;;) {
    const page = await findSupporters(patient(db), id, { before, limit: PAGE });
    yield page.map(({ public_name }) => public_name);
    before = page.at(-1)?.sequence;
    if (page.length < PAGE) return;
  }
}
