import type { Pool } from 'pg';
import type { Keys } from '../../crypto/keys.ts';
import { patient } from '../../db/patient.ts';
import type { Db } from '../../db/sql.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors.ts';
import { today } from '../../today.ts';
import { audit, type Actor } from '../accounts/audit.ts';
import { tellOwners } from '../members/mails.ts';
import { holdKept } from '../petitions/retention.ts';
import { detailsOf, type Export, type ExportRequest } from './export.ts';
import { countListed, countSecret } from './signature-store.ts';
import {
  breakSilent,
  findExportOfForm,
  findRunning,
  lockExports,
  saveExport,
  startRunning,
} from './store.ts';

export interface ExportServices {
  db: Pool;
  keys: Pick<Keys, 'account' | 'exportKey' | 'mailAddress'>;
  baseUrl: string;
}

/** So many files are written at once on the whole site. */
const AT_ONCE = 4;

interface ExportedPetition {
  id: string;
  slug: string;
}

/** Notes what is to be in a file. The same form, sent twice, makes one export. */
export async function makeExport(
  { db }: Pick<ExportServices, 'db'>,
  actor: Actor,
  petition: ExportedPetition,
  formId: string,
  request: ExportRequest,
): Promise<Export> {
  const slowly = patient(db);
  const counted = await countListed(slowly, petition.id, request);
  const secret_count = await countSecret(slowly, petition.id);
  return transaction(db, async (client) => {
    await holdKept(client, petition.id);
    const made = await saveExport(client, {
      ...request,
      ...counted,
      secret_count,
      petition_id: petition.id,
      account_id: actor?.id ?? null,
      form_id: formId,
    });
    if (made === null) return requireOfForm(client, actor, formId);
    await audit(client, actor, 'export.made', {
      petitionId: petition.id,
      details: { ...detailsOf(made), rows: made.row_count },
    });
    return made;
  });
}

async function requireOfForm(db: Db, actor: Actor, formId: string): Promise<Export> {
  const made = actor === null ? null : await findExportOfForm(db, actor.id, formId);
  if (made === null) throw new Error('An export that was there is gone');
  return made;
}

/**
 * From now on the file is written, by whoever has called this; the petition's owners are told, the
 * first time. Throws AppError `conflict` when it has been fetched, waited for too long, or runs
 * already, and when this account or the site as a whole is at its limit, or the petition's
 * signatures have been destroyed.
 */
export const beginExport = (
  services: ExportServices,
  actor: Actor,
  petition: ExportedPetition,
  found: Export,
): Promise<Export> =>
  transaction(services.db, async (db) => {
    await holdKept(db, petition.id);
    await lockExports(db);
    for (const silent of await breakSilent(db)) await noteBroken(db, silent);
    const running = await findRunning(db);
    if (running.length >= AT_ONCE) throw new AppError('conflict', 'exports:error.busy');
    if (actor !== null && running.some(({ account_id }) => account_id === actor.id)) {
      throw new AppError('conflict', 'exports:error.running');
    }
    const begun = await startRunning(db, found);
    if (begun === null) throw new AppError('conflict', 'exports:error.over');
    await audit(db, actor, 'export.begun', {
      petitionId: begun.petition_id,
      details: { ...detailsOf(begun), attempt: begun.attempt },
    });
    if (begun.attempt === 1) {
      await tellOwners(services, db, petition.id, 'signatures_exported', (format) => ({
        day: format.day(today()),
        rows: format.number(begun.row_count),
      }));
    }
    return begun;
  });

/** How many rows had left by then is part of it. */
export const noteBroken = (db: Db, broken: Export) =>
  audit(db, actorOf(broken), 'export.broken', {
    petitionId: broken.petition_id,
    details: { ...detailsOf(broken), rows: broken.written },
  });

export const actorOf = ({ account_id }: Export): Actor =>
  account_id === null ? null : { id: account_id };
