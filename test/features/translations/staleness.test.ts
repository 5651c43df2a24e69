import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { samplePetition } from '../../../src/demo/sample-petition.ts';
import {
  TRANSLATED_FIELDS,
  TEXT_FIELDS,
  wordingOf,
  type PetitionText,
} from '../../../src/features/petitions/petition-text.ts';
import { publishText } from '../../../src/features/petitions/publish-text.ts';
import { findPetitionText } from '../../../src/features/petitions/text-store.ts';
import { LOCALES } from '../../../src/i18n/locales.ts';
import { today } from '../../../src/today.ts';
import { savedPetition } from '../../support/fixtures.ts';
import { startSite } from '../../support/site.ts';
import { edit, formIn, ownedPetition, TRANSLATION } from '../../support/texts.ts';
import { pageWith } from '../../support/visitor.ts';

const Step = fc.record({
  language: fc.constantFrom(...LOCALES),
  field: fc.constantFrom(...TEXT_FIELDS),
  /** None: somebody says that it still fits. */
  to: fc.option(fc.constantFrom('one', 'two', 'three')),
});

test('a version is stale exactly when its original has said something else since', async (t) => {
  const site = await startSite(t);
  let number = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(Step, { maxLength: 8 }), async (steps) => {
      number += 1;
      const petition = await savedPetition(site, { slug: `petition-${number}` });
      const said = { en: { ...samplePetition.texts.en, title: 'Save the library' } } as Record<
        string,
        PetitionText
      >;
      const stale: Record<string, boolean> = {};
      for (const { language, field, to } of steps) {
        const before = said[language];
        const text = { ...(before ?? samplePetition.texts[language]), ...(to && { [field]: to }) };
        await publishText(site.db, null, petition, {
          language,
          text,
          day: today(),
          ...(language !== 'en' && said.en && { translates: wordingOf(said.en) }),
        });
        said[language] = text;
        if (language !== 'en') stale[language] = false;
        else if (before && TRANSLATED_FIELDS.some((name) => before[name] !== text[name])) {
          for (const other of Object.keys(stale)) stale[other] = true;
        }
      }
      for (const language of LOCALES) {
        const version = await findPetitionText(site.db, petition.id, language);
        assert.equal(version?.is_stale ?? false, stale[language] ?? false);
        assert.equal(version?.stale_since !== null && version !== null, stale[language] ?? false);
        assert.equal(version?.title, said[language]?.title);
      }
    }),
    { numRuns: 25 },
  );
});

test('a language is added beside the original, and says who translated it', async (t) => {
  const site = await startSite(t);
  const { owner, texts, petition } = await ownedPetition(site, {}, { thanks: 'Thank you' });
  assert.match(await owner.read(texts), /Add Swedish/);
  const form = await owner.read(`${texts}/sv`);
  assert.match(form, /class="preview" lang="en"[^>]*>Save the library</);
  const added = await edit(owner, `${texts}/sv`, { ...TRANSLATION, translator: 'Astrid <3' });
  assert.equal(added.status, 303);
  const page = await pageWith(site, `/sv/petitions/${petition.slug}`, 'Rädda biblioteket');
  assert.match(page, /Översatt av Astrid &lt;3/);
  assert.doesNotMatch(page, /inaktuell/);
  const english = await pageWith(site, `/en/petitions/${petition.slug}`, 'lang="sv" hreflang');
  assert.doesNotMatch(english, /Translated by/);
});

test('a change of the original makes translations stale until somebody has looked', async (t) => {
  const site = await startSite(t);
  const { owner, texts, petition } = await ownedPetition(site);
  for (const language of ['sv', 'ru']) {
    await edit(owner, `${texts}/${language}`, { ...TRANSLATION, translator: 'Astrid' });
  }
  await edit(owner, `${texts}/en`, { recipient: 'the Mayor of Uppsala' });
  const stale = await pageWith(site, `/sv/petitions/${petition.slug}`, 'inaktuell');
  assert.match(stale, new RegExp(`href="/en/petitions/${petition.slug}" hreflang="en">Läs orig`));
  const editor = await owner.read(`${texts}/sv`);
  assert.match(editor, /How the original has changed since[^]*Mayor/);

  const seen = formIn(editor);
  const kept = await owner.send(`${texts}/sv/fit`, seen, `${texts}/sv`);
  assert.equal(kept.status, 303);
  assert.match(await owner.read(texts), /the translation is up to date/);
  const again = await owner.send(`${texts}/sv/fit`, seen, `${texts}/sv`);
  assert.equal(again.status, 303);
  const changed = await edit(owner, `${texts}/ru`, { recipient: 'бургомистр' });
  assert.equal(changed.status, 303);
  const { rows } = await site.db.query('SELECT 1 FROM petition_texts WHERE is_stale');
  assert.equal(rows.length, 0);
  const { rows: log } = await site.db.query<{ action: string }>(
    `SELECT action FROM audit_log WHERE action LIKE 'text.%' ORDER BY id`,
  );
  assert.deepEqual(
    log.map(({ action }) => action),
    ['text.added', 'text.added', 'text.changed', 'text.fits', 'text.changed'],
  );
});

test('a translation of what the original said before is not taken for one of what it says', async (t) => {
  const site = await startSite(t);
  const { owner, texts } = await ownedPetition(site);
  const typed = { ...formIn(await owner.read(`${texts}/sv`)), ...TRANSLATION, then: 'publish' };
  await edit(owner, `${texts}/en`, { title: 'Save the old library' });
  const refused = await owner.send(`${texts}/sv`, typed);
  assert.equal(refused.status, 409);
  const page = await refused.text();
  assert.match(page, /The original has been changed since you opened/);
  assert.match(page, />Save the old library</);
  assert.equal(formIn(page).title, TRANSLATION.title);
  const sent = await owner.send(`${texts}/sv`, { ...typed, ...formIn(page) });
  assert.equal(sent.status, 303);

  await edit(owner, `${texts}/en`, { title: 'Save the library' });
  const opened = formIn(await owner.read(`${texts}/sv`));
  await edit(owner, `${texts}/en`, { title: 'Save the new library' });
  assert.equal((await owner.send(`${texts}/sv/fit`, opened, `${texts}/sv`)).status, 409);
});
