import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { lookedAt } from '../../../src/features/petitions/listing.ts';
import { today } from '../../../src/today.ts';
import { initiator } from '../../support/accounts.ts';
import { run } from '../../support/command.ts';
import { completeDraft, handedInDraft, STEP_VALUES, versionOf } from '../../support/drafts.ts';
import { savedPetition } from '../../support/fixtures.ts';
import { startSite } from '../../support/site.ts';
import { get } from '../../support/visitor.ts';

test('a petition says where it belongs, from the draft to its page', async (t) => {
  const SECRET_KEY = randomBytes(32).toString('base64');
  const site = await startSite(t, { SECRET_KEY });
  const review = async (...args: string[]) => {
    const { databaseUrl: DATABASE_URL, dataDir: DATA_DIR, url: BASE_URL } = site;
    const environment = { DATABASE_URL, DATA_DIR, BASE_URL, SECRET_KEY };
    const { code, stdout, stderr } = await run(environment, ['review', ...args]);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  const client = await initiator(site);
  const about = { ...STEP_VALUES.about, region: 'EU' };
  const draft = await completeDraft(client, { about });
  assert.match(await client.read(`${draft}/preview`), /region=EU">European Union</);
  for (const region of ['XX', 'se', '002', '__proto__', 'EU\u0000', 'x'.repeat(5000)]) {
    const version = await versionOf(client, `${draft}/about`);
    const answer = await client.send(`${draft}/about`, { ...about, region, version });
    assert.equal(answer.status, 422, region.slice(0, 20));
  }
  const other = await handedInDraft(client, { about: { ...about, region: '001' } });
  const id = other.split('/').at(-1) ?? '';
  assert.match(await review('show', id), /^region: 001$/m);
  await review('publish', id);
  const page = await get(site, '/en/petitions/let-the-library-stay-open-on-sundays');
  assert.match(await page.text(), /region=001">World</);
});

test('a list keeps to a region, and offers those of open petitions', async (t) => {
  const site = await startSite(t);
  await savedPetition(site, { slug: 'in-sweden', region: 'SE' }, { title: 'In Sweden' });
  await savedPetition(site, { slug: 'in-norway', region: 'NO' }, { title: 'In Norway' });
  await savedPetition(
    site,
    { slug: 'over', region: 'FI', closes_on: today() },
    { title: 'In Finland' },
  );
  const read = async (path: string) => (await get(site, path)).text();
  const all = await read('/en');
  assert.match(all, /<option value="SE">Sweden<\/option>/);
  assert.doesNotMatch(all, /<option value="FI"/);
  const swedish = await read('/en?region=SE');
  assert.match(swedish, /In Sweden/);
  assert.doesNotMatch(swedish, /In Norway/);
  assert.match(swedish, /region=SE&amp;order=signed|order=signed[^"]*region=SE/);
  assert.match(await read('/en?region=FI&stage=all'), /<option value="FI" selected>[^]*In Finland/);
  assert.match(await read('/en?region=XX'), /In Sweden[^]*In Norway|In Norway[^]*In Sweden/);
});

test('what a list looks at of its address is the region when there is such a one', () => {
  const looked = (query: string) => lookedAt(new URLSearchParams(query));
  assert.equal(looked('region=SE')?.region, 'SE');
  assert.equal(looked('region=SE&region=NO')?.region, null);
  assert.equal(looked('region=nowhere')?.region, null);
});
