import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { samplePetition } from '../../../src/demo/sample-petition.ts';
import { transaction } from '../../../src/db/transaction.ts';
import { forgetNames } from '../../../src/features/petitions/forget-names.ts';
import { publishTextIn } from '../../../src/features/petitions/publish-text.ts';
import type { Locale } from '../../../src/i18n/locales.ts';
import { today } from '../../../src/today.ts';
import { startSite, type TestSite } from '../../support/site.ts';
import { formIn, ownedPetition, TRANSLATION } from '../../support/texts.ts';

const publication = (language: Locale, name: string) => ({
  language,
  text: { ...samplePetition.texts[language], picture_alt: '', initiator_name: name },
  day: today(),
  translator: name,
});

async function assertNameless({ db }: TestSite, petitionId: string): Promise<void> {
  for (const table of ['petition_texts', 'petition_revisions']) {
    const { rows } = await db.query<{ names: string }>(
      `SELECT concat(t.initiator_name, t.initiator_place, t.translator) AS names
       FROM ${table} AS t WHERE t.petition_id = $1`,
      [petitionId],
    );
    assert.deepEqual(new Set(rows.map(({ names }) => names)), new Set(['']), table);
  }
}

suite('names that are taken away while', () => {
  test('a language is being added are not in it', async (t) => {
    const site = await startSite(t);
    const { petition } = await ownedPetition(site);
    await transaction(site.db, (db) =>
      publishTextIn(db, null, petition, publication('en', 'Wera')),
    );
    let forgotten = Promise.resolve();
    await transaction(site.db, async (db) => {
      await publishTextIn(db, null, petition, publication('ru', 'Vera'));
      forgotten = forgetNames(site.db, null, petition);
      await pause(300); // it waits by now
    });
    await forgotten;
    await assertNameless(site, petition.id);
  });

  test('a translation is being changed hold up nobody for ever', async (t) => {
    const site = await startSite(t);
    const { petition } = await ownedPetition(site, { original_language: 'ru' });
    const publish = (language: Locale, name: string) =>
      transaction(site.db, (db) => publishTextIn(db, null, petition, publication(language, name)));
    await publish('en', 'Vera');
    for (let n = 0; n < 20; n += 1) {
      await Promise.all([
        publish('en', `Vera ${n.toString()}`),
        forgetNames(site.db, null, petition),
        publish('ru', `Vera ${n.toString()}`),
      ]);
    }
    await forgetNames(site.db, null, petition);
    await assertNameless(site, petition.id);
  });

  test('a form is open do not come back with it unseen', async (t) => {
    const site = await startSite(t);
    const { owner, texts, petition } = await ownedPetition(site);
    const unnamed = { initiator_name: '', initiator_place: '' };
    await transaction(site.db, (db) =>
      publishTextIn(db, null, petition, {
        ...publication('sv', 'Tore Tolk'),
        text: { ...samplePetition.texts.sv, ...unnamed, picture_alt: '' },
      }),
    );
    const added = { ...formIn(await owner.read(`${texts}/ru`)), ...TRANSLATION, then: 'publish' };
    const changed = { ...formIn(await owner.read(`${texts}/sv`)), title: 'Ny', then: 'publish' };
    await forgetNames(site.db, null, petition);

    assert.equal((await owner.send(`${texts}/ru`, added, '/en/account')).status, 409);
    assert.equal((await owner.send(`${texts}/sv`, changed, '/en/account')).status, 409);
    const { rows } = await site.db.query(
      `SELECT FROM petition_texts WHERE petition_id = $1
       AND (initiator_name <> '' OR translator IS NOT NULL)`,
      [petition.id],
    );
    assert.equal(rows.length, 0);
  });
});

test('mails do not go on in a name that was taken away', async (t) => {
  const site = await startSite(t);
  const { petition } = await ownedPetition(site);
  await site.db.query(`UPDATE petitions SET mail_sender = 'Vera', mail_subject = 'For Vera'`);
  await forgetNames(site.db, null, petition);
  const { rows } = await site.db.query<{ mail_sender: string | null; mail_subject: string | null }>(
    'SELECT mail_sender, mail_subject FROM petitions WHERE id = $1',
    [petition.id],
  );
  assert.deepEqual(rows, [{ mail_sender: null, mail_subject: null }]);
});
