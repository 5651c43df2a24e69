import type { Pool } from 'pg';
import type { Keys } from '../../crypto/keys.ts';
import type { Db } from '../../db/sql.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors.ts';
import type { Translations } from '../../i18n/load.ts';
import { today } from '../../today.ts';
import { audit, type Actor } from '../accounts/audit.ts';
import { tellOwners } from '../members/mails.ts';
import type { Petition } from '../petitions/petition.ts';
import { holdKept } from '../petitions/retention.ts';
import {
  detailsOf,
  loggedOf,
  type HandOver,
  type HandOverRequest,
  type Written,
} from './hand-over.ts';
import {
  breakSilent,
  findRunning,
  lockHandOvers,
  saveBroken,
  saveFinished,
  saveHandOver,
} from './store.ts';

export interface HandOverServices {
  db: Pool;
  keys: Pick<Keys, 'account' | 'mailAddress'>;
  translations: Translations;
  baseUrl: string;
}

/** So many documents are made at once on the whole site: each has a thread of its own. */
const AT_ONCE = 2;

/**
 * From now on a document is being made, by whoever has called this. Where it has names, the owners
 * of the petition are told. Throws AppError `conflict` when this account makes one already, and when
 * the site as a whole is at its limit, or the petition's signatures have been destroyed.
 */
export const beginHandOver = (
  services: HandOverServices,
  actor: Actor,
  petition: Pick<Petition, 'id' | 'slug'>,
  request: HandOverRequest,
): Promise<HandOver> =>
  transaction(services.db, async (db) => {
    await holdKept(db, petition.id);
    await lockHandOvers(db);
    for (const silent of await breakSilent(db)) await noteBroken(db, silent);
    const running = await findRunning(db);
    if (running.length >= AT_ONCE) throw new AppError('conflict', 'handover:error.busy');
    if (actor !== null && running.some(({ account_id }) => account_id === actor.id)) {
      throw new AppError('conflict', 'handover:error.running');
    }
    const begun = await saveHandOver(db, petition.id, actor?.id ?? null, request);
    await audit(db, actor, 'hand_over.begun', {
      petitionId: petition.id,
      details: detailsOf(begun),
    });
    if (begun.with_names) {
      await tellOwners(services, db, petition.id, 'names_handed_over', (format) => ({
        day: format.day(today()),
      }));
    }
    return begun;
  });

/** How many names had left by then is part of it. */
const noteBroken = (db: Db, broken: HandOver) =>
  audit(db, actorOf(broken), 'hand_over.broken', {
    petitionId: broken.petition_id,
    details: { ...detailsOf(broken), names: broken.names },
  });

const actorOf = ({ account_id }: HandOver): Actor =>
  account_id === null ? null : { id: account_id };

/** The whole of it has left, but for the end. */
export const finishHandOver = (db: Pool, running: HandOver, file: Written): Promise<void> =>
  transaction(db, async (client) => {
    if (!(await saveFinished(client, running, file))) {
      throw new Error('A document was given up while it was made');
    }
    await audit(client, actorOf(running), 'hand_over.made', {
      petitionId: running.petition_id,
      details: { ...detailsOf(running), ...loggedOf(file) },
    });
  });

export const breakHandOver = (db: Pool, running: HandOver, names: number): Promise<void> =>
  transaction(db, async (client) => {
    if (await saveBroken(client, running, names)) await noteBroken(client, { ...running, names });
  });
