import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listenForChanges } from '../../../src/features/petitions/changes.ts';
import { eventually } from '../../support/eventually.ts';
import { confirmAt, signAndConfirm, signOnly } from '../../support/journey.ts';
import { startSite, type TestSite } from '../../support/site.ts';
import { SAME_ORIGIN, SLUG, ada, countShown, get, post } from '../../support/visitor.ts';

const change = (site: TestSite, path: string, changes: Record<string, string>) =>
  post(site, path, {
    visibility: 'anonymous',
    public_name: '',
    public_place: '',
    reason: ada.reason,
    ...changes,
  });

const stored = async (site: TestSite) => {
  const { rows } = await site.db.query<Record<string, unknown>>(
    `SELECT state, visibility, public_name, public_place, country, reason, sealed
     FROM signatures WHERE country IS NOT NULL`,
  );
  return rows;
};

test('many signers at once are each counted, and those who withdraw are not', async (t) => {
  const site = await startSite(t, { TRUST_PROXY: '1' });
  const links = await Promise.all(
    Array.from({ length: 20 }, (_, n) => signOnly(site, { email: `signer${n}@example.org` })),
  );
  await Promise.all(links.map(({ confirmation }) => confirmAt(site, confirmation)));
  assert.equal(await countShown(site), 25);
  await Promise.all(
    links.slice(0, 7).flatMap(({ own }) => {
      const leave = () => post(site, `${own}/withdrawal`, {});
      return [leave(), leave()];
    }),
  );
  assert.equal(await countShown(site), 18);
});

test('confirming and withdrawing at the same moment leaves count and rows equal', async (t) => {
  const site = await startSite(t);
  for (let round = 0; round < 3; round += 1) {
    const links = await Promise.all(
      Array.from({ length: 8 }, (_, n) => signOnly(site, { email: `r${round}n${n}@example.org` })),
    );
    await Promise.all(
      links.flatMap(({ confirmation, own }) => [
        post(site, confirmation, {}),
        post(site, `${own}/withdrawal`, {}),
        post(site, confirmation, {}),
        post(site, `${own}/withdrawal`, {}),
      ]),
    );
  }
  const { rows } = await site.db.query<{ rows: number }>(
    `SELECT count(*)::integer AS rows FROM signatures WHERE state = 'confirmed'`,
  );
  assert.equal(await countShown(site), rows[0]?.rows);
});

test('a signer shows a name, hides it again, and changes the reason', async (t) => {
  const site = await startSite(t);
  const { own } = await signAndConfirm(site);
  const shown = { visibility: 'public', public_name: 'Ada L.', public_place: 'Uppsala' };
  const answer = await change(site, own, { ...shown, reason: 'A new reason.' });
  assert.equal(answer.status, 303);
  assert.equal(answer.headers.get('location'), `${own}?saved`);
  assert.match(await (await get(site, `${own}?saved`)).text(), /Your change has been saved/);
  assert.match(
    await (await get(site, `/en/petitions/${SLUG}`)).text(),
    /A new reason\.[^]*Ada L\., Uppsala, Sweden/,
  );

  await change(site, own, { ...shown, visibility: 'anonymous' });
  const [row] = await stored(site);
  assert.deepEqual(
    [row?.visibility, row?.public_name, row?.public_place],
    ['anonymous', null, null],
  );
  assert.ok(row?.sealed);
  assert.equal(await countShown(site), 6);
});

test('a change with errors is shown again and not stored', async (t) => {
  const site = await startSite(t);
  const { own } = await signAndConfirm(site);
  const answer = await change(site, own, { visibility: 'public', reason: 'https://x.example' });
  assert.equal(answer.status, 422);
  const page = await answer.text();
  assert.match(page, /Enter your name/);
  assert.match(page, /https:\/\/x\.example<\/textarea>/);
  assert.equal((await stored(site))[0]?.visibility, 'anonymous');
});

test('choosing nobody leaves a digest and a country, for good', async (t) => {
  const site = await startSite(t);
  const { own } = await signAndConfirm(site, { visibility: 'public' });
  await change(site, own, { visibility: 'secret', public_name: 'Ada', public_place: 'Uppsala' });
  const nothing = { public_name: null, public_place: null, reason: null, sealed: null };
  const secret = { state: 'confirmed', visibility: 'secret', country: 'SE', ...nothing };
  assert.deepEqual(await stored(site), [secret]);

  const back = { visibility: 'public', public_name: 'Ada', reason: 'Back.' };
  const answer = await change(site, own, back);
  assert.equal(answer.status, 409);
  assert.match(await answer.text(), /This change was not saved/);
  assert.deepEqual(await stored(site), [secret]);
  assert.doesNotMatch(await (await get(site, own)).text(), /name="visibility"/);
});

test('withdrawing erases everything and takes the signature out of the count', async (t) => {
  const site = await startSite(t);
  const { own, confirmation } = await signAndConfirm(site);
  const answer = await post(site, `${own}/withdrawal`, {});
  assert.equal(answer.headers.get('location'), `/en/petitions/${SLUG}/withdrawn`);
  assert.equal(await countShown(site), 5);
  assert.deepEqual(await stored(site), []);
  assert.equal((await get(site, own)).status, 404);
  assert.equal((await get(site, confirmation)).status, 404);
  assert.equal((await post(site, `${own}/withdrawal`, {})).status, 404);
  assert.equal(await countShown(site), 5);
});

test('a pending signature can be withdrawn, and the count stays', async (t) => {
  const site = await startSite(t);
  const { own } = await signOnly(site);
  const page = await (await get(site, own)).text();
  assert.match(page, /You have not confirmed it yet/);
  assert.doesNotMatch(page, /name="visibility"/);
  await change(site, own, { reason: 'Something else.' });
  assert.equal((await stored(site))[0]?.reason, ada.reason);
  assert.equal((await post(site, `${own}/withdrawal`, {})).status, 303);
  assert.deepEqual(await stored(site), []);
  assert.equal(await countShown(site), 5);
});

test('forms of other sites change and withdraw nothing', async (t) => {
  const site = await startSite(t);
  const { own } = await signAndConfirm(site);
  const foreign = { ...SAME_ORIGIN, 'Sec-Fetch-Site': 'cross-site' };
  assert.equal((await post(site, `${own}/withdrawal`, {}, foreign)).status, 403);
  assert.equal(await countShown(site), 6);
});

test('every process is told of what was hidden by the transaction that hid it', async (t) => {
  const site = await startSite(t);
  const { own } = await signAndConfirm(site);
  const heard: string[] = [];
  t.after(
    await listenForChanges(site.databaseUrl, {
      changed: ({ what }) => heard.push(what),
      changedAll: () => undefined,
      forgetAll: () => undefined,
    }),
  );
  // Whatever comes after the transaction fails.
  await site.db.query('ALTER TABLE petition_totals RENAME TO away');
  await change(site, own, { reason: 'Another one.' });
  await eventually(() => heard.includes('signer'), 'the change to be told');
  await post(site, `${own}/withdrawal`, {});
  await eventually(() => heard.filter((what) => what === 'signer').length === 2, 'the second');
});
