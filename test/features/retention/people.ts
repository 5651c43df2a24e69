import type { TestContext } from 'node:test';
import type { Petition } from '../../../src/features/petitions/petition.ts';
import { requirePetition } from '../../../src/features/petitions/store.ts';
import { refreshTotal } from '../../../src/features/petitions/totals.ts';
import { destroySignatures } from '../../../src/features/retention/jobs.ts';
import { today } from '../../../src/today.ts';
import { eventually } from '../../support/eventually.ts';
import { savedPetition } from '../../support/fixtures.ts';
import { ownedPetition } from '../../support/members.ts';
import { startSite, type TestSite } from '../../support/site.ts';
import { confirmedSignatures, pendingSignatures } from '../defence/people.ts';
import { staff } from '../exports/signers.ts';

export const RETENTION = '/en/admin/petitions/save-the-library/retention';
export const DESTRUCTION = `${RETENTION}/destruction`;

/** As if the collection had closed so many days ago. */
export const closeAgo = (
  { db }: Pick<TestSite, 'db'>,
  { id }: Pick<Petition, 'id'>,
  days: number,
) =>
  db.query('UPDATE petitions SET opened_on = $1, closes_on = $2 WHERE id = $3', [
    today()
      .subtract({ days: days + 200 })
      .toString(),
    today().subtract({ days }).toString(),
    id,
  ]);

/** A petition with 12 confirmed signatures and 3 others, closed 20 days ago, and an admin. */
export async function retentionSite(t: TestContext) {
  const site = await startSite(t);
  const { petition, client: owner } = await ownedPetition(site);
  await collect(site, petition);
  return { site, petition, owner, admin: await staff(site) };
}

/** The same without anybody who looks after it, on a site whose jobs are run by the test alone. */
export async function siteAtRest(t: TestContext) {
  const site = await startSite(t, { JOBS: 'off' });
  const petition = await savedPetition(site);
  await collect(site, petition);
  return { site, petition };
}

async function collect(site: TestSite, petition: Petition): Promise<void> {
  await confirmedSignatures(site.db, petition, 12);
  await pendingSignatures(site.db, petition, 3);
  await refreshTotal(site.db, petition.id);
  await closeAgo(site, petition, 20);
}

export const servicesOf = ({ db, keys, url }: TestSite) => ({ db, keys, baseUrl: url });

/** How many signatures there are of a petition. */
export async function rowsOf({ db }: Pick<TestSite, 'db'>, { id }: Pick<Petition, 'id'>) {
  const { rowCount } = await db.query('SELECT FROM signatures WHERE petition_id = $1', [id]);
  return rowCount;
}

/** Carries out what has begun, as the job does. */
export const carryOut = (site: TestSite) => destroySignatures.run(servicesOf(site));

export const stateOf = async ({ db }: Pick<TestSite, 'db'>, { slug }: Pick<Petition, 'slug'>) => {
  const { retention_months, destruction_day, destroyed_on } = await requirePetition(db, slug, 'en');
  return {
    months: retention_months,
    on: destruction_day?.toString() ?? null,
    destroyed: destroyed_on !== null,
  };
};

export const untilDestroyed = (site: TestSite, petition: Pick<Petition, 'id'>) =>
  eventually(async () => {
    const { rows } = await site.db.query<{ done: boolean }>(
      'SELECT finished_on IS NOT NULL AS done FROM destructions WHERE petition_id = $1',
      [petition.id],
    );
    return rows[0]?.done;
  }, 'the end of the destruction');

/** What the log says of it, in order. */
export async function retentionLogged({ db }: Pick<TestSite, 'db'>) {
  const { rows } = await db.query<{ action: string; by: boolean; details: unknown }>(
    `SELECT action, account_id IS NOT NULL AS by, details FROM audit_log
     WHERE action LIKE 'retention.%' ORDER BY id`,
  );
  return rows;
}
