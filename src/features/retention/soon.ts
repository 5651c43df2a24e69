import type { Db } from '../../db/sql.ts';
import { isBefore } from '../petitions/petition.ts';
import { dayOfDestruction, NOTICE_DAYS } from '../petitions/retention.ts';
import type { Retained } from './destruction.ts';
import { findRetained } from './store.ts';

/** The day of a petition whose collection is over. */
export const dayOf = (retained: Retained, today: Temporal.PlainDate): Temporal.PlainDate =>
  dayOfDestruction(retained, today) ?? retained.closes_on;

/** So soon that the owners are told. */
export const isSoon = (retained: Retained, today: Temporal.PlainDate): boolean =>
  !isBefore(today.add({ days: NOTICE_DAYS }), dayOf(retained, today));

/** Of how many petitions the signatures will be destroyed within two weeks. */
export const countSoon = async (db: Db, today: Temporal.PlainDate): Promise<number> =>
  (await findRetained(db, today)).filter((retained) => isSoon(retained, today)).length;
