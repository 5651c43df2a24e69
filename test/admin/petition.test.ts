import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { samplePetition } from '../../src/demo/sample-petition.ts';
import { today } from '../../src/today.ts';
import { refusal, succeed } from '../support/command.ts';
import { eventually } from '../support/eventually.ts';
import { savedPetition } from '../support/fixtures.ts';
import { startSite } from '../support/site.ts';
import { get, SLUG } from '../support/visitor.ts';
import { pageWith } from '../support/visitor.ts';

suite('the texts of a petition', () => {
  test('are listed and printed, changed and published while the site runs', async (t) => {
    const site = await startSite(t);
    const path = `/sv/petitions/${SLUG}`;
    await pageWith(site, path, 'Rädda oss!!!');
    await pageWith(site, `${path}/changes`, 'Oförändrad sedan den publicerades');
    assert.match(
      await succeed(site, ['petition', 'list']),
      new RegExp(`^${SLUG} +collection +5 +Let`),
    );

    const printed = await succeed(site, ['petition', 'text', SLUG, 'sv']);
    const text = JSON.parse(printed) as Record<string, string>;
    assert.deepEqual(text, { ...samplePetition.texts.sv, state: text.state });
    const changed = printed.replace('Rädda oss!!!', 'Hjälp oss nu!');
    assert.match(await succeed(site, ['petition', 'publish', SLUG, 'sv'], changed), /^Published\./);
    await pageWith(site, path, 'Hjälp oss nu!');
    const difference = await pageWith(site, `${path}/changes`, 'Hjälp');
    assert.match(difference, /<del>.*Rädda.*<\/del>/);

    const again = await succeed(site, ['petition', 'publish', SLUG, 'sv'], changed);
    assert.match(again, /^Nothing to publish/);

    const other = printed.replace('Tack för ditt stöd', 'Tack!'); // of the state before
    const sentence = await refusal(site, ['petition', 'publish', SLUG, 'sv'], other);
    assert.match(sentence, /^The text has been changed since this was printed/);
    await pageWith(site, path, 'Hjälp oss nu!');
  });

  test('are published from a file, also in a new language', async (t) => {
    const site = await startSite(t);
    const { slug } = await savedPetition(site);
    const file = join(site.dataDir, 'ru.json');
    const text = { ...samplePetition.texts.ru, title: 'Спасите библиотеку' };
    await writeFile(file, `\ufeff${JSON.stringify(text)}`);
    const said = await succeed(site, ['petition', 'publish', slug, 'ru', file]);
    assert.match(said, /new language version/);
    await pageWith(site, `/ru/petitions/${slug}`, 'Спасите библиотеку');
  });

  test('are refused field by field', async (t) => {
    const site = await startSite(t);
    const { title, ...missing } = samplePetition.texts.en;
    const text = {
      ...missing,
      recipient: 'x'.repeat(201),
      text: 'before\u202eafter',
      reason: '  ',
      thanks: 7,
      initiator_name: 'Two\nlines',
      tilte: title,
    };
    const sentence = await refusal(site, ['petition', 'publish', SLUG, 'en'], JSON.stringify(text));
    assert.deepEqual(sentence.split('\n'), [
      'Standard input is no language version:',
      '  title: is missing',
      '  recipient: has 201 characters, and may have 200',
      '  text: contains a character that nobody sees (U+202E)',
      '  reason: is empty',
      '  thanks: is not a text',
      '  initiator_name: has more than one line',
      '  tilte: is not known',
    ]);
    const publish = (input: string) => refusal(site, ['petition', 'publish', SLUG, 'en'], input);
    assert.match(await publish('{"title":'), /^Standard input is not JSON in UTF-8/);
    assert.match(await publish('[]'), /has to be one object/);
    const from = (file: string) => refusal(site, ['petition', 'publish', SLUG, 'en', file]);
    assert.match(await from(join(site.dataDir, 'nowhere.json')), /cannot be read \(ENOENT\)/);
    const stored = await succeed(site, ['petition', 'text', SLUG, 'en']);
    assert.equal((JSON.parse(stored) as Record<string, string>).text, samplePetition.texts.en.text);
  });

  test('are taken as the database takes them: as long, composed, with tidy breaks', async (t) => {
    const site = await startSite(t);
    const text = {
      ...samplePetition.texts.en,
      title: '😀'.repeat(120),
      text: 'Cafe\u0301\r\n \r\n\r\n<b>Bold</b>\n',
    };
    await succeed(site, ['petition', 'publish', SLUG, 'en'], JSON.stringify(text));
    const stored = JSON.parse(await succeed(site, ['petition', 'text', SLUG, 'en'])) as typeof text;
    assert.equal(stored.title, text.title);
    assert.equal(stored.text, 'Caf\u00e9\n\n<b>Bold</b>');
    await pageWith(site, `/en/petitions/${SLUG}`, '&lt;b&gt;Bold&lt;/b&gt;');
  });
});

test('what does not exist is named in a sentence', async (t) => {
  const site = await startSite(t);
  const { slug } = await savedPetition(site);
  assert.equal(
    await refusal(site, ['petition', 'text', 'nowhere', 'sv']),
    'There is no petition "nowhere".',
  );
  assert.equal(
    await refusal(site, ['petition', 'text', slug, 'sv']),
    `The petition "${slug}" has no version in "sv".`,
  );
  assert.match(
    await refusal(site, ['petition', 'text', slug, 'de']),
    /Allowed choices are sv, en, ru/,
  );
  assert.match(await refusal(site, ['petition', 'topic', slug, 'fish']), /Allowed choices are/);
  assert.match(await refusal(site, ['petitions']), /unknown command 'petitions'/);
});

test('a petition goes through its stages in their order, and back', async (t) => {
  const site = await startSite(t);
  const closes = today().subtract({ days: 20 });
  const { slug } = await savedPetition(site, { closes_on: closes });
  const reach = (...args: string[]) => ['petition', 'stage', slug, ...args];
  const path = `/en/petitions/${slug}`;
  await pageWith(site, path, 'Save the library');
  const on = (days: number) => closes.add({ days }).toString();

  for (const wrong of [reach('dialogue', on(5)), reach('submitted', on(-1))]) {
    assert.match(await refusal(site, wrong), /^The stages follow each other: [^\n]+$/);
  }
  await succeed(site, reach('submitted', on(1)));
  for (const wrong of [
    reach('decided', on(9)),
    reach('dialogue', on(9), '--outcome', 'accepted'),
  ]) {
    assert.match(await refusal(site, wrong), /^A decision has an outcome/);
  }
  await succeed(site, reach('decided', on(9), '--outcome', 'accepted'));
  await pageWith(site, path, 'The recipient has agreed to the demand');
  assert.match(await refusal(site, reach('dialogue', on(10))), /^The stages follow each other/);
  assert.match(await refusal(site, reach('submitted', '--undo')), /^The stages follow each other/);
  assert.match(await succeed(site, ['petition', 'list']), new RegExp(`${slug} +decision`));
  await succeed(site, reach('decided', '--undo'));
  await succeed(site, reach('dialogue', on(10)));
  await succeed(site, reach('dialogue', '--undo'));
  await succeed(site, reach('dialogue', on(10)));
  await eventually(async () => {
    const page = await (await get(site, path)).text();
    return /stages__now" aria-current="step">\s*<b>Dialogue/.test(page);
  }, 'the stage on the page');

  await site.db.query(`UPDATE stage_entries SET text = 'Words.' WHERE stage = 'dialogue'`);
  assert.match(await refusal(site, reach('dialogue', '--undo')), /^What was written of the dialog/);
  const { rows } = await site.db.query(`
    SELECT DISTINCT account_id FROM audit_log WHERE action ~ '^(petition|dialogue)[.]'
  `);
  assert.deepEqual(rows, [{ account_id: null }]);

  assert.match(await refusal(site, reach('decided', '2026-02-30')), /written like 2026-11-23/);
  const tomorrow = today().add({ days: 1 }).toString();
  assert.match(await refusal(site, reach('decided', tomorrow)), /still to come/);
  assert.match(await refusal(site, reach('decided')), /either a day or --undo/);
});

test('a topic is chosen, and lists follow', async (t) => {
  const site = await startSite(t);
  const { slug } = await savedPetition(site);
  await pageWith(site, '/en?topic=culture', 'Save the library');
  await succeed(site, ['petition', 'topic', slug, 'education']);
  await pageWith(site, '/en?topic=education', 'Save the library');
});

test('signatures collected elsewhere are counted, corrected and taken away', async (t) => {
  const site = await startSite(t);
  const shown = (number: number) =>
    eventually(async () => {
      const page = await (await get(site, `/en/petitions/${SLUG}`)).text();
      return page.includes(`<b data-count>${number}</b>`);
    }, `${number} signatures on the page`);
  await shown(5);
  const report = (number: string) => ['petition', 'elsewhere', SLUG, 'on paper', number];
  assert.match(await succeed(site, report('120')), /125 signatures in all/);
  await shown(125);
  await succeed(site, report('100'));
  await shown(105);
  await succeed(site, report('0'));
  await shown(5);
  for (const wrong of ['-1', '1.5', '100000001', 'many']) {
    assert.match(await refusal(site, report(wrong)), /A whole number|unknown option/);
  }
});
