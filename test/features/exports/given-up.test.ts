import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../../support/eventually.ts';
import type { TestSite } from '../../support/site.ts';
import { make, states } from '../hand-over/documents.ts';
import { addSigner, exportsLogged, exportSite, madeExport } from './signers.ts';

/** As if somebody gave it up at the very moment at which its end is noted. */
const giveUpAtTheEnd = ({ db }: TestSite, table: 'exports' | 'hand_overs') =>
  db.query(`
    CREATE FUNCTION stay() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
    CREATE TRIGGER given_up BEFORE UPDATE ON ${table}
    FOR EACH ROW WHEN (NEW.state = 'finished') EXECUTE FUNCTION stay();
  `);

test('an export that is given up at the very end does not look complete', async (t) => {
  const { site, petition, admin } = await exportSite(t);
  await addSigner(site, petition);
  await giveUpAtTheEnd(site, 'exports');
  const answer = await admin.get(`${await madeExport(admin)}/file`);
  await assert.rejects(answer.arrayBuffer(), 'it ended as a whole file does');
  const { action } = await eventually(async () => {
    const last = (await exportsLogged(site)).at(-1);
    return last?.action !== 'export.begun' && last;
  }, 'the end of the export');
  assert.equal(action, 'export.broken');
});

test('nor does a document', async (t) => {
  const { site, admin } = await exportSite(t);
  await giveUpAtTheEnd(site, 'hand_overs');
  await assert.rejects((await make(admin)).arrayBuffer(), 'it ended as a whole document does');
  await eventually(async () => (await states(site))[0] === 'broken', 'the end of the document');
});
