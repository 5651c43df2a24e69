import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { signAndConfirm } from '../../support/journey.ts';
import { startSite, type TestSite } from '../../support/site.ts';
import { get, pageWith, post, SLUG } from '../../support/visitor.ts';
import { moderator, flag, seenIn } from './readers.ts';

const PETITION = `/en/petitions/${SLUG}`;
const WORDS = { visibility: 'public', public_name: 'Ada', public_place: 'Uppsala' };

async function signedSite(t: TestContext) {
  const site = await startSite(t, { TRUST_PROXY: '1' });
  const { own } = await signAndConfirm(site, {
    visibility: 'public',
    name: 'Ada',
    reason: 'Mean.',
  });
  const { rows } = await site.db.query<{ sequence: string }>(
    `SELECT sequence FROM signatures WHERE reason = 'Mean.'`,
  );
  return { site, own, sequence: rows[0]?.sequence ?? '' };
}

const flagThrice = async (site: TestSite, subject: string, of: string) => {
  for (const network of [1, 2, 3]) {
    assert.equal((await flag(site, { subject, of }, network, PETITION)).status, 303);
  }
};

const read = async (site: TestSite, path: string) => (await get(site, path)).text();

test('a signer sees that words are hidden, and others in their place stay hidden too', async (t) => {
  const { site, own, sequence } = await signedSite(t);
  assert.doesNotMatch(await read(site, own), /hidden because/);
  await flagThrice(site, 'reason', sequence);
  await flagThrice(site, 'name', sequence);
  const page = await read(site, own);
  assert.match(page, /Your reason is hidden because/);
  assert.match(page, /Your name is hidden because/);
  const shown = async () =>
    (await read(site, `${PETITION}/reasons`)) + (await read(site, `${PETITION}/supporters`));
  for (const words of [
    { public_name: 'Ada L.', reason: 'Mean!' },
    { visibility: 'anonymous', reason: '' },
    { public_name: 'Ada', reason: 'Mean.' },
  ]) {
    await post(site, own, { ...WORDS, ...words });
    assert.doesNotMatch(await shown(), /Mean|Ada/);
  }
  assert.match(await read(site, own), /reason is hidden because[\s\S]*name is hidden because/);
  const client = await moderator(site);
  for (const name of [`reason-${sequence}`, `name-${sequence}`]) {
    const path = `/en/admin/petitions/${SLUG}/reports/${name}`;
    const seen = seenIn(await client.read(path));
    await client.send(`${path}/decision`, { seen, outcome: 'kept' }, path);
  }
  assert.match(await pageWith(site, `${PETITION}/reasons`, 'Mean.'), /Ada/);
});

test('in the place of removed words others wait for a moderator', async (t) => {
  const { site, own, sequence } = await signedSite(t);
  const client = await moderator(site);
  await flag(site, { of: sequence }, 1, PETITION);
  const path = `/en/admin/petitions/${SLUG}/reports/reason-${sequence}`;
  const decide = async (values: Record<string, string>) => {
    const seen = seenIn(await client.read(path));
    const answer = await client.send(`${path}/decision`, { seen, ...values }, path);
    assert.equal(answer.status, 303);
  };
  await decide({ outcome: 'removed', ground: 'threats' });
  const removed = await read(site, own);
  assert.match(removed, /removed your reason.*Ground: Threats or calls for violence/s);

  await post(site, own, { ...WORDS, reason: '' });
  assert.doesNotMatch(await read(site, own), /removed your reason/);
  assert.match(await client.read('/en/admin/reports'), /Nothing is waiting/);
  await post(site, own, { ...WORDS, reason: 'Milder.' });
  assert.match(await read(site, own), /Your new reason is waiting for a moderator/);
  assert.doesNotMatch(await read(site, `${PETITION}/reasons`), /Milder/);
  assert.match(await client.read('/en/admin/reports'), /Changed after removal/);
  await decide({ outcome: 'kept' });
  await pageWith(site, `${PETITION}/reasons`, 'Milder.');
  assert.doesNotMatch(await read(site, own), /waiting for a moderator/);
});

test('what a moderator keeps is kept for as long as it says the same', async (t) => {
  const { site, own, sequence } = await signedSite(t);
  const client = await moderator(site);
  await flagThrice(site, 'reason', sequence);
  const path = `/en/admin/petitions/${SLUG}/reports/reason-${sequence}`;
  const seen = seenIn(await client.read(path));
  await client.send(`${path}/decision`, { seen, outcome: 'kept' }, path);
  await post(site, own, { ...WORDS, reason: 'Mean.' });
  await flag(site, { of: sequence }, 4, PETITION);
  await flag(site, { of: sequence }, 5, PETITION);
  await post(site, own, { ...WORDS, reason: 'Meaner.' });
  await pageWith(site, `${PETITION}/reasons`, 'Meaner.');
  await flag(site, { of: sequence }, 6, PETITION);
  assert.doesNotMatch(await read(site, `${PETITION}/reasons`), /Meaner/);
});

test('who becomes secret leaves nothing of it, and who withdraws neither', async (t) => {
  const { site, own, sequence } = await signedSite(t);
  await flagThrice(site, 'reason', sequence);
  await flagThrice(site, 'name', sequence);
  await post(site, own, { visibility: 'secret' });
  const { rows } = await site.db.query(
    `SELECT reason_standing, name_standing FROM signatures WHERE sequence = $1`,
    [sequence],
  );
  assert.deepEqual(rows, [{ reason_standing: null, name_standing: null }]);
  assert.equal((await post(site, `${own}/withdrawal`, {})).status, 303);
});
