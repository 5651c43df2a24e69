import { COLUMNS } from '../../../src/features/exports/export.ts';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import { bucketOf } from '../../../src/crypto/email-digest.ts';
import { seal } from '../../../src/crypto/seal.ts';
import type { Petition } from '../../../src/features/petitions/petition.ts';
import { today } from '../../../src/today.ts';
import { initiatorWithFactor } from '../../support/accounts.ts';
import type { Client } from '../../support/client.ts';
import { eventually } from '../../support/eventually.ts';
import { savedPetition } from '../../support/fixtures.ts';
import { startSite, type TestSite } from '../../support/site.ts';

export const EXPORTS = '/en/admin/petitions/save-the-library/exports';
export const FORM = `${EXPORTS}/new`;

/** Somebody who works on the site, with a second factor that was given just now. */
export async function staff(site: TestSite, role = 'admin', name = role): Promise<Client> {
  const { client } = await initiatorWithFactor(site, `${name}@example.org`);
  await site.db.query(`UPDATE accounts SET role = $1 WHERE id = (SELECT max(id) FROM accounts)`, [
    role,
  ]);
  return client;
}

/** A site with a petition and an admin. */
export async function exportSite(t: TestContext) {
  const site = await startSite(t);
  return { site, petition: await savedPetition(site), admin: await staff(site) };
}

interface Signer {
  name?: string;
  email?: string;
  place?: string | null;
  postal_code?: string | null;
  country?: string;
  language?: string;
  visibility?: 'public' | 'anonymous' | 'secret';
  reason?: string | null;
  state?: string;
  confirmed_on?: Temporal.PlainDate;
}

/** A signature, straight in the database. Which one: its digest. */
export async function addSigner(
  { db }: Pick<TestSite, 'db'>,
  petition: Petition,
  signer: Signer = {},
): Promise<Buffer> {
  const { visibility = 'anonymous', state = 'confirmed', name = 'Ada', reason = null } = signer;
  const { email = 'ada@example.org', place = null, postal_code = null } = signer;
  const digest = randomBytes(16);
  const day = (signer.confirmed_on ?? today()).toString();
  const isConfirmed = state !== 'pending';
  await db.query(
    `INSERT INTO signatures (petition_id, bucket, email_digest, state, visibility, public_name,
       country, reason, sealed, language, signed_on, confirmed_on, sequence)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,
       CASE WHEN $13 THEN nextval('signature_sequence') END)`,
    [
      petition.id,
      bucketOf(digest),
      digest,
      state,
      visibility,
      visibility === 'public' ? name : null,
      signer.country ?? 'SE',
      visibility === 'secret' ? null : reason,
      visibility === 'secret'
        ? null
        : seal({ name, email, place, postal_code }, petition.public_keys),
      signer.language ?? 'en',
      day,
      isConfirmed ? day : null,
      isConfirmed,
    ],
  );
  return digest;
}

/** So many signatures with long reasons: more than what a connection takes up unread. */
export const addCrowd = ({ db }: Pick<TestSite, 'db'>, { id }: Petition, number: number) =>
  db.query(
    `INSERT INTO signatures (petition_id, bucket, email_digest, state, visibility, country, reason,
       language, signed_on, confirmed_on, sequence)
     SELECT $1, (get_byte(d.digest, 14) & 3) * 256 + get_byte(d.digest, 15), d.digest, 'confirmed',
       'anonymous', 'SE', repeat('ж', 1000), 'en', current_date, current_date,
       nextval('signature_sequence')
     FROM (SELECT uuid_send(gen_random_uuid()) AS digest FROM generate_series(1, $2::integer)) AS d`,
    [id, number],
  );

/** A new export, by its path. */
export async function madeExport(
  admin: Client,
  values: Record<string, string> = {},
  columns: readonly string[] = COLUMNS,
): Promise<string> {
  const answer = await sendForm(admin, values, columns);
  assert.equal(answer.status, 303);
  return answer.headers.get('location') ?? '';
}

export async function sendForm(
  admin: Client,
  values: Record<string, string> = {},
  columns: readonly string[] = COLUMNS,
): Promise<Response> {
  const form_id = values.form_id ?? (await formIdOf(admin));
  const chosen = Object.fromEntries(columns.map((column) => [`with_${column}`, 'on']));
  return admin.send(EXPORTS, { format: 'csv', ...chosen, ...values, form_id });
}

export async function formIdOf(admin: Client): Promise<string> {
  const [, id] = /name="form_id" value="([^"]+)"/.exec(await admin.read(FORM)) ?? [];
  assert.ok(id, 'the form has no id');
  return id;
}

/** The bytes of its file, when its page says that it is complete. */
export async function fileOf(admin: Client, path: string): Promise<Buffer> {
  const answer = await admin.get(`${path}/file`);
  assert.equal(answer.status, 200);
  const bytes = Buffer.from(await answer.arrayBuffer());
  await eventually(
    async () => (await admin.read(path)).includes('The file is complete'),
    'the end of the export',
  );
  return bytes;
}

/** What the log says was done, in order, without whose doing it was. */
export async function exportsLogged({ db }: TestSite) {
  const { rows } = await db.query<{ action: string; details: Record<string, unknown> }>(
    `SELECT action, details FROM audit_log WHERE action LIKE 'export.%' ORDER BY id`,
  );
  return rows;
}
