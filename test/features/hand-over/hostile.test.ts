import assert from 'node:assert/strict';
import { test } from 'node:test';
import PDFDocument from 'pdfkit';
import type { Block } from '../../../src/features/hand-over/paper/block.ts';
import { openFonts } from '../../../src/features/hand-over/paper/fonts.ts';
import { linesOf } from '../../../src/features/hand-over/paper/lines.ts';
import { createTypesetter } from '../../../src/features/hand-over/paper/typesetter.ts';
import { pagesOf } from './documents.ts';

/** What can be read on the pages of a document of these blocks. */
function read(...blocks: Block[]): Promise<string[]> {
  const imprint = { title: 'T', language: 'en', head: 'A head', day: '2026-11-23' } as const;
  const typesetter = createTypesetter(imprint);
  return pagesOf(Buffer.concat([typesetter.set(blocks), typesetter.finish()]));
}

const chapter: Block = { is: 'chapter', text: 'Names' };
const lacking: Block = { is: 'lacking', text: 'Some signs are lacking.' };
const names = (...all: string[]): Block => ({ is: 'names', names: all });

test('names are set in the letters of many scripts', async () => {
  const all = ['Åsa Žižková', 'Ёлкина Щука', 'გიორგი', 'Արամ', 'Ελένη', 'Ṩigrún Łukasz'];
  const [page = ''] = await read(chapter, names(...all), lacking);
  for (const name of all) assert.ok(page.includes(name), name);
  assert.doesNotMatch(page, /lacking/);
});

test('a sign stands for each character that no font has, and is explained', async () => {
  const [page] = await read(chapter, names('李明', 'Bo 🏳️‍🌈'), lacking);
  assert.equal(page, 'Names \ufffd\ufffd Bo \ufffd\ufffd Some signs are lacking.');
});

test('neither marks of direction nor control characters come through', async () => {
  const name = '\u202eAnna\u202c \u0000B\u0007o\u200b\u2066rg\u2069\ud800\u2028X';
  const [page] = await read(chapter, names(name));
  assert.equal(page, 'Names Anna Borg\ufffd X');
});

test('what is written from right to left takes nothing beside it along', () => {
  const fonts = openFonts(new PDFDocument());
  const spans = [{ text: 'Åsa مرحبا Lindgren', face: 'sans' as const }];
  const [line = []] = linesOf(spans, { fonts, size: 10, width: 400 });
  assert.deepEqual(
    line.map(({ text }) => text),
    ['Åsa ', 'مرحبا', ' Lindgren'],
  );
});

test('a title that looks like PDF stays text, and long ones have room', async () => {
  const title = `) Tj ET /JS (\\) <script> ${'W'.repeat(200)}`;
  const cover: Block = { is: 'cover', kicker: 'K', title, lang: 'en', notes: [], facts: [] };
  const figure: Block = { is: 'figure', figure: '1', label: 'one', day: 'today' };
  const [page = ''] = await read(cover, figure);
  assert.match(page, /\) Tj ET \/JS \(\\\) <script> W+/);
  assert.equal(page.match(/W/g)?.length, 200, 'nothing of it is lost');
  assert.match(page, /1 one today$/);
});

test('marks of Markdown become looks, and links tell where they lead', async () => {
  const text =
    '# Head\n\n**Bold** [here](https://a.example/b)\n\n> Said\n\n1. One\n2. Two\n   - In\n3.';
  const [page] = await read({ is: 'markdown', text, lang: 'en' });
  assert.equal(page, 'Head Bold here (https://a.example/b) Said 1. One 2. Two • In 3.');
});

test('what is deep, long or empty comes to an end', async () => {
  const deep = `${'> '.repeat(300)}x\n\n${'- '.repeat(300)}y\n\n${'*'.repeat(3000)}z`;
  const long = 'ж'.repeat(20_000);
  const pages = await read(
    { is: 'markdown', text: deep, lang: 'ru' },
    { is: 'markdown', text: long, lang: 'ru' },
    { is: 'markdown', text: '', lang: 'ru' },
    { is: 'table', head: ['', ''], rows: [] },
    names(),
    names('', ' ', 'X'.repeat(100), 'ﷺ'.repeat(100)),
  );
  assert.equal(pages.join('').match(/ж/g)?.length, 20_000);
  assert.match(pages.at(-1) ?? '', /X/);
});

test('no page ends with a heading', async () => {
  for (let lines = 22; lines < 34; lines += 1) {
    const filling: Block[] = Array.from({ length: lines }, () => ({
      is: 'paragraph',
      text: 'Filling.',
      quiet: true,
    }));
    const pages = await read(
      ...filling,
      { is: 'chapter', text: 'A chapter' },
      { is: 'heading', text: 'A heading' },
      { is: 'paragraph', text: 'Its words.' },
    );
    const page = pages.find((words) => words.includes('A chapter')) ?? '';
    assert.match(page, /A chapter A heading Its words\.$/, String(lines));
  }
});
