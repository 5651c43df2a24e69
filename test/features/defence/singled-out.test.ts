import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { beginChange, cancelChange } from '../../../src/features/defence/actions.ts';
import { reportOf } from '../../../src/features/defence/report.ts';
import { formatIn } from '../../../src/i18n/format.ts';
import { loadTranslations } from '../../../src/i18n/load.ts';
import { signAndConfirm } from '../../support/journey.ts';
import { requirePetition } from '../../../src/features/petitions/store.ts';
import { startSite, type TestSite } from '../../support/site.ts';
import { sign, SLUG } from '../../support/visitor.ts';
import { confirmedSignatures, moderator, staff } from './people.ts';

const BASE = `/en/admin/petitions/${SLUG}/signatures`;

const HOUR = new Date().toISOString().slice(0, 13);

const petitionOf = ({ db }: TestSite) => requirePetition(db, SLUG, 'en');

suite('nobody is singled out', () => {
  test('by signing for somebody else and looking whether one more waits', async (t) => {
    const site = await startSite(t);
    const moderator = await staff(site);
    await confirmedSignatures(site.db, await petitionOf(site), 10, { hour: HOUR });
    await signAndConfirm(site, { email: 'victim@example.org' });
    const shown = async () => {
      const pages = [BASE, `${BASE}/selection?hour=${HOUR}`].map((path) => moderator.read(path));
      return (await Promise.all(pages)).join('').replaceAll(/name="_csrf" value="[^"]+"/g, '');
    };
    const before = await shown();
    for (const email of ['victim@example.org', 'other@example.org']) {
      assert.equal((await sign(site, { email, country: 'AQ' }, 'ru')).status, 303);
      assert.equal(await shown(), before, email);
    }
    const { rowCount } = await site.db.query(`SELECT FROM signatures WHERE state = 'pending'`);
    assert.equal(rowCount, 1, 'only one of the two has signed before');
  });

  test('by a network, a mail domain, a country or a language of fewer than ten', async (t) => {
    const site = await startSite(t);
    const moderator = await staff(site);
    const petition = await petitionOf(site);
    const few = { network: 'home01', domain: 'own001', country: 'AQ', hour: HOUR };
    const many = { network: 'school', domain: 'gmail.com', country: 'FI', hour: HOUR };
    await confirmedSignatures(site.db, petition, 9, few);
    await confirmedSignatures(site.db, petition, 10, many);
    const page = await moderator.read(BASE);
    assert.doesNotMatch(page, /home01|own001|Antarctica/);
    assert.match(page, /school[^]*gmail\.com[^]*Finland/);
    const answerOf = (query: string) => moderator.get(`${BASE}/selection?${query}`);
    const lonely = { country: 'FI', hour: '2026-11-20T03' };
    await confirmedSignatures(site.db, petition, 1, lonely);
    await site.db.query(
      `UPDATE signatures SET confirmed_on = '2026-11-20' WHERE arrived_hour = '2026-11-20T03:00Z'`,
    );
    for (const query of [
      'network=home01',
      'domain=own001',
      'country=AQ',
      'language=sv',
      `hour=${lonely.hour}`,
      'day=2026-11-20',
    ]) {
      assert.equal((await answerOf(query)).status, 404, query);
      const [[name, value] = ['', '']] = new URLSearchParams(query);
      const values = { [name]: value, direction: 'rejection', reason: 'How many?' };
      assert.equal((await moderator.send(`${BASE}/changes`, values, BASE)).status, 404, query);
    }
    for (const query of ['network=school', 'domain=gmail.com', 'country=FI', `hour=${HOUR}`]) {
      assert.equal((await answerOf(query)).status, 200, query);
    }
    assert.equal((await answerOf(`hour=${HOUR}&network=home01`)).status, 404);
    assert.equal((await answerOf(`hour=${HOUR}&network=school`)).status, 200);
  });
});

test('one more signature, or one that is rejected, changes nothing but its hour', async (t) => {
  const site = await startSite(t);
  const moderator = await staff(site);
  const petition = await petitionOf(site);
  const shape = { network: 'school', domain: 'gmail.com', country: 'FI', hour: HOUR };
  await confirmedSignatures(site.db, petition, 11, shape);
  const told = async () => {
    const page = await moderator.read(BASE);
    const [, ...tables] = page.split(/<caption[^>]*>/);
    const common = tables.slice(1).filter((table) => !/<th scope="col">Day/.test(table));
    const selection = await moderator.read(`${BASE}/selection?country=FI`);
    return [...common, /<dl[^]*<\/dl>/.exec(selection)?.[0] ?? ''].join('');
  };
  const before = await told();
  assert.match(before, /Finland<\/a><\/th><td class="table__number">10</);
  await confirmedSignatures(site.db, petition, 1, shape);
  assert.equal(await told(), before);
  await site.db.query(
    `UPDATE signatures SET state = 'rejected' WHERE ctid =
      (SELECT min(ctid) FROM signatures WHERE country = 'FI')`,
  );
  assert.equal(await told(), before);
});

test('nor does a change that is asked for and stopped at once', async (t) => {
  const { db } = await startSite(t, { JOBS: 'off' });
  const petition = await requirePetition(db, SLUG, 'en');
  const account = await moderator(db);
  const words = { format: formatIn('en'), t: (await loadTranslations()).en };
  const asked = { direction: 'rejection', selection: { country: 'FI' }, reason: 'Fakes.' } as const;
  const told = async () => {
    const change = await beginChange(db, account, petition, asked);
    assert.ok(change);
    await cancelChange(db, account, change);
    const [last] = (await reportOf(db, petition, words)).changes;
    return { state: last?.state, done: last?.done, total: last?.total };
  };
  await confirmedSignatures(db, petition, 11, { country: 'FI' });
  const before = await told();
  assert.deepEqual(before, { state: 'cancelled', done: 0, total: 10 });
  await confirmedSignatures(db, petition, 1, { country: 'FI' });
  assert.deepEqual(await told(), before);
});
