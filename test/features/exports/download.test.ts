import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { initiator } from '../../support/accounts.ts';
import { eventually } from '../../support/eventually.ts';
import { mailsTo } from '../../support/mailbox.ts';
import {
  addCrowd,
  addSigner,
  exportSite,
  exportsLogged,
  fileOf,
  formIdOf,
  FORM,
  madeExport,
  EXPORTS,
  sendForm,
  staff,
} from './signers.ts';

test('whoever fetches a file can compare its checksum, and the log says that it was fetched', async (t) => {
  const { site, petition, admin } = await exportSite(t);
  await addSigner(site, petition);
  await addSigner(site, petition, { country: 'FI' });
  await addSigner(site, petition, { visibility: 'secret' });
  assert.match(await admin.read(EXPORTS), /<dd>1<\/dd>/, 'one is secret');
  const path = await madeExport(admin, { country: 'FI' });
  assert.match(await admin.read(path), /1 signature fits what you chose/);
  const answer = await admin.get(`${path}/file`);
  assert.match(
    answer.headers.get('content-disposition') ?? '',
    /^attachment; filename="save-the-library-\d{4}-\d\d-\d\d\.csv"$/,
  );
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  assert.equal(answer.headers.get('accept-ranges'), 'none');
  const bytes = Buffer.from(await answer.arrayBuffer());
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const page = await eventually(async () => {
    const text = await admin.read(path);
    return text.includes('The file is complete: 1 row.') && text;
  }, 'the end of the export');
  assert.match(page, new RegExp(sha256));
  const logged = await exportsLogged(site);
  assert.deepEqual(
    logged.map(({ action }) => action),
    ['export.made', 'export.begun', 'export.finished'],
  );
  const { details } = logged[2] ?? {};
  assert.equal(details?.rows, 1);
  assert.equal(details.country, 'FI');
  assert.equal(details.sha256, undefined, 'whoever guesses one signature would be told');
  const kept = await site.db.query('SELECT e::text AS row FROM exports AS e');
  assert.doesNotMatch(JSON.stringify([kept.rows, logged, site.logged()]), /Ada|ada@example/);

  assert.equal((await admin.get(`${path}/file`)).status, 409, 'once only');
});

test('the log keeps the checksum of a file with ten signatures or more', async (t) => {
  const { site, petition, admin } = await exportSite(t);
  for (let n = 0; n < 10; n += 1) await addSigner(site, petition);
  const bytes = await fileOf(admin, await madeExport(admin));
  const finished = await eventually(
    async () => (await exportsLogged(site)).find(({ action }) => action === 'export.finished'),
    'the end of the export',
  );
  assert.equal(finished.details.sha256, createHash('sha256').update(bytes).digest('hex'));
  assert.deepEqual([finished.details.rows, finished.details.bytes], [10, bytes.length]);
});

test('the form says what is wrong and keeps what was chosen', async (t) => {
  const { admin } = await exportSite(t);
  const empty = await sendForm(admin, { from_day: '2026-02-30', to_day: 'x', country: 'SE' }, []);
  assert.equal(empty.status, 422);
  const page = await empty.text();
  assert.match(page, /Enter a day, such as/);
  assert.match(page, /<option value="SE" selected>/);
  const none = await sendForm(admin, {}, []);
  assert.match(await none.text(), /Choose at least one thing/);
  const turned = await sendForm(admin, { from_day: '2026-02-02', to_day: '2026-02-01' });
  assert.match(await turned.text(), /ends before it begins/);
  for (const values of [
    { visibility: 'secret' },
    { format: 'exe' },
    { country: "x' OR 1=1" },
    { form_id: '1' },
    { from_day: '9'.repeat(5000) },
    { from_day: '0000-01-01' },
  ]) {
    assert.equal((await sendForm(admin, values)).status, 422, Object.keys(values).join());
  }
  assert.doesNotMatch(await admin.read(FORM), /id="with_email"[^>]* checked/);
});

test('a form that is sent twice makes one export', async (t) => {
  const { site, admin } = await exportSite(t);
  const form_id = await formIdOf(admin);
  const answers = await Promise.all([1, 2, 3].map(() => sendForm(admin, { form_id })));
  const places = new Set(answers.map((answer) => answer.headers.get('location')));
  assert.equal(places.size, 1);
  assert.equal((await exportsLogged(site)).length, 1);
  const other = await staff(site, 'admin', 'bo');
  const theirs = await madeExport(other, { form_id });
  assert.equal(places.has(theirs), false, 'nobody gets the export of another');
});

test('the owners of the petition are told once, each in the own language, also when suspended', async (t) => {
  const { site, petition, admin } = await exportSite(t);
  await addSigner(site, petition);
  for (const name of ['owner', 'editor']) {
    await initiator(site, `${name}@example.org`);
    await site.db.query(
      `INSERT INTO petition_members (petition_id, account_id, role)
       SELECT $1, max(id), $2 FROM accounts`,
      [petition.id, name],
    );
  }
  await site.db.query(
    `UPDATE accounts SET language = 'sv', state = 'suspended'
     WHERE id IN (SELECT account_id FROM petition_members WHERE petition_id = $1)`,
    [petition.id],
  );
  const path = await madeExport(admin);
  await fileOf(admin, path);
  const mail = (await mailsTo(site, 'owner@example.org', 2)).at(-1);
  assert.equal(mail?.subject, 'Om din sida');
  assert.match(mail.text, /Antal rader i filen: 1\./);
  assert.match(mail.links[0] ?? '', /\/sv\/workspace\/petitions\/save-the-library$/);
  assert.doesNotMatch(mail.text, /Ada|Save the library/);
  assert.equal((await mailsTo(site, 'editor@example.org')).length, 1, 'its account only');
});

test('a download that breaks off holds nothing, and starts again from the beginning', async (t) => {
  const { site, petition, admin } = await exportSite(t);
  await addCrowd(site, petition, 20_000);
  const path = await madeExport(admin, {}, ['number', 'reason']);
  const answer = await admin.get(`${path}/file`);
  const reader = answer.body?.getReader();
  await reader?.read();
  await eventually(
    async () => (await admin.read(path)).includes('The file is being written'),
    'the export to run',
  );
  assert.equal((await admin.get(`${path}/file`)).status, 409, 'it runs already');
  const second = await madeExport(admin);
  assert.equal((await admin.get(`${second}/file`)).status, 409, 'one at a time');

  const busy = async () => {
    const { rows } = await site.db.query(
      `SELECT pid FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`,
    );
    return rows.length;
  };
  await eventually(async () => (await busy()) === 0, 'a slow reader to hold no connection');
  await reader?.cancel();
  const page = await eventually(async () => {
    const text = await admin.read(path);
    return text.includes('The download broke off') && text;
  }, 'the end of the export');
  assert.match(page, /Start again/);
  await eventually(async () => (await busy()) === 0, 'every connection to rest');
  const broken = (await exportsLogged(site)).at(-1);
  assert.equal(broken?.action, 'export.broken');
  assert.ok(Number(broken.details.rows) < 20_000);

  await site.db.query(
    `DELETE FROM signatures WHERE email_digest IN (
       SELECT email_digest FROM signatures WHERE petition_id = $1 ORDER BY sequence LIMIT 1
     )`,
    [petition.id],
  );
  await addSigner(site, petition, { reason: 'Too late for this one.' });
  const text = (await fileOf(admin, path)).toString();
  assert.equal(text.trim().split('\r\n').length, 1 + 19_999, 'neither who left nor who came');
  assert.doesNotMatch(text, /Too late/);
  assert.match(await admin.read(path), /19,999 rows/);
});

test('an export whose process has died is given up after a while', async (t) => {
  const { site, petition, admin } = await exportSite(t);
  await addSigner(site, petition);
  const path = await madeExport(admin);
  await site.db.query(
    `UPDATE exports SET state = 'running', attempt = 1, progressed_at = now() - interval '1 minute'`,
  );
  assert.match(await admin.read(path), /The download broke off/);
  assert.match((await fileOf(admin, path)).toString(), /Ada/);
  assert.deepEqual(
    (await exportsLogged(site)).map(({ action }) => action),
    ['export.made', 'export.broken', 'export.begun', 'export.finished'],
  );
});

test('an hour later it can no longer be fetched', async (t) => {
  const { site, admin } = await exportSite(t);
  const path = await madeExport(admin);
  await site.db.query(`UPDATE exports SET made_at = now() - interval '61 minutes'`);
  assert.match(await admin.read(path), /more than an hour old/);
  assert.equal((await admin.get(`${path}/file`)).status, 409);
});

test('neither the link of another site nor a look ahead fetches the file', async (t) => {
  const { site, admin } = await exportSite(t);
  const path = await madeExport(admin);
  const cookie = [...admin.cookies].map((pair) => pair.join('=')).join('; ');
  const ask = (init: RequestInit) =>
    fetch(`${site.url}${path}/file`, { redirect: 'manual', ...init });
  const elsewhere = await ask({ headers: { Cookie: cookie, 'Sec-Fetch-Site': 'cross-site' } });
  const ahead = await ask({ method: 'HEAD', headers: { Cookie: cookie } });
  assert.equal(elsewhere.headers.get('location'), path);
  assert.equal(ahead.status, 303);
  assert.match(await admin.read(path), /Fetch the file/);
});

test('somebody who is suspended in the middle gets no more of it', async (t) => {
  const { site, petition, admin } = await exportSite(t);
  await addCrowd(site, petition, 20_000);
  const path = await madeExport(admin, {}, ['reason']);
  const answer = await admin.get(`${path}/file`);
  const reader = answer.body?.getReader();
  await reader?.read();
  await site.db.query(`UPDATE accounts SET state = 'suspended'`);
  await eventually(async () => {
    const { rows } = await site.db.query<{ state: string }>('SELECT state FROM exports');
    return rows[0]?.state === 'broken';
  }, 'the export to be stopped');
  await assert.rejects(async () => {
    while (!(await reader?.read())?.done);
  });
});
