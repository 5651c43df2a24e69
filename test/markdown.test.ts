import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { samplePetition } from '../src/demo/sample-petition.ts';
import { openingWords, renderMarkdown } from '../src/markdown.ts';

const rendered = (text: string): string => renderMarkdown(text).trim();

const REL = 'rel="nofollow ugc noreferrer"';

test('paragraphs of plain text stay as they are, each with its line breaks', () => {
  for (const { text } of Object.values(samplePetition.texts)) {
    const plain = text.split('\n\n').map((words) => `<p>${words.replaceAll('"', '&quot;')}</p>`);
    assert.equal(rendered(text), plain.join('\n'));
  }
  assert.equal(rendered('One\ntwo  \nthree\\\nfour'), '<p>One<br>two<br>three<br>four</p>');
});

test('words may be stressed, strong, listed, quoted and put under headings', () => {
  const text = [
    '# First',
    '### Second',
    'A *stressed* and a **strong** word.',
    '- one\n- two\n  1. inner',
    '12. the twelfth\n13. the next',
    '> Said\n> by somebody',
  ];
  assert.equal(
    rendered(text.join('\n\n')).replaceAll('\n', ''),
    '<h3>First</h3><h4>Second</h4><p>A <em>stressed</em> and a <strong>strong</strong> word.</p>' +
      '<ul><li>one</li><li>two<ol><li>inner</li></ol></li></ul>' +
      '<ol start="12"><li>the twelfth</li><li>the next</li></ol>' +
      '<blockquote><p>Said<br>by somebody</p></blockquote>',
  );
});

test('headings begin at the third level, skip none and are never empty', () => {
  const levels = (text: string) => [...renderMarkdown(text).matchAll(/<(h\d)>/g)].map(([, h]) => h);
  assert.deepEqual(levels('###### a\n# b\n## c\n### d\n###### e'), ['h3', 'h3', 'h3', 'h4', 'h4']);
  assert.deepEqual(levels('#\n#### a'), ['h3']);
  assert.equal(rendered('#hashtag'), '<p>#hashtag</p>');
});

test('links lead to the web and to addresses of mail, and nowhere else', () => {
  for (const address of ['https://europa.eu/a?b=c', 'http://europa.eu', 'mailto:ada@example.org']) {
    assert.equal(rendered(`[here](${address})`), `<p><a href="${address}" ${REL}>here</a></p>`);
  }
  const title = '[here](https://europa.eu "onmouseover")';
  assert.equal(rendered(title), `<p><a href="https://europa.eu" ${REL}>here</a></p>`);
  for (const address of [
    'javascript:alert(1)',
    'JAVASCRIPT&colon;alert(1)',
    'java\\script:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    '//europa.eu',
    '/en/about',
    'https:europa.eu',
    '#sign',
    '',
  ]) {
    assert.doesNotMatch(rendered(`[here](${address}) [here](<${address}>)`), /<a|href/, address);
  }
});

test('what is no mark of ours is shown as it was typed', () => {
  for (const typed of [
    'https://europa.eu and www.europa.eu and ada@example.org',
    '`code` and ``` and ~~no~~',
    '---',
    '===',
    '| a | b |',
    '[a]: https://europa.eu',
    '<https://europa.eu>',
    '<b onclick=x>bold</b><script>alert(1)</script><!-- x -->',
    '&nbsp;&lt;&#106;',
    '2 * 3 * 4, snake_case_word',
  ]) {
    const escaped = typed.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    assert.equal(rendered(typed), `<p>${escaped}</p>`);
  }
  assert.equal(rendered('![x](https://europa.eu/x.png)').includes('<img'), false);
  assert.equal(rendered('\\*not stressed\\*'), '<p>*not stressed*</p>');
});

/** Every tag that may come out, as a whole. */
const TAG =
  /<\/?(?:p|em|strong|ul|ol|li|blockquote|h3|h4)>|<\/a>|<br>|<ol start="\d{1,9}">|<a href="(?:https?:\/\/|mailto:)[^"<>]*" rel="nofollow ugc noreferrer">/gi;

const MARKS = [
  ...[
    '*',
    '**',
    '_',
    '__',
    '> ',
    '- ',
    '1. ',
    '7) ',
    '# ',
    '#### ',
    '[',
    ']',
    '](',
    ')',
    '![',
    '(',
  ],
  ...['\n', '\n\n', '\\', '`', '```', '~~', '---', '    ', '\t', ' ', '|', '&', '&lt;', '&#x3a;'],
  ...['<', '>', '"', "'", '<b>', '</p>', '<script>', '<img src=x onerror=x>', '<!--', 'onclick='],
  ...[
    'https://a.b',
    'http:',
    'mailto:a@b',
    'javascript:x',
    'data:x',
    '//a.b',
    ']: ',
    '\0',
    '\u202e',
  ],
  ...['[a](https://a.b)', '](mailto:a@b "x")', '](javascript:x)', '](data:x)', '![a](https://a.b)'],
  ...['word', 'ord', 'слово', '😀', '\ud800'],
];

const written = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc
    .array(fc.oneof(fc.constantFrom(...MARKS), fc.string({ maxLength: 5 })), { maxLength: 60 })
    .map((parts) => parts.join('')),
);

test('whatever is written, nothing but our marks comes through, well nested', () => {
  fc.assert(
    fc.property(written, (text) => {
      const html = renderMarkdown(text);
      assert.doesNotMatch(html.replaceAll(TAG, ''), /[<>"]/);
      assert.ok(deepest(html) <= 16);
    }),
    { numRuns: 3000 },
  );
});

test('whatever is written, no word of it is lost', () => {
  const words = fc.array(fc.constantFrom(...MARKS.filter((mark) => !/[[\]&(]/.test(mark))), {
    maxLength: 60,
  });
  const letters = (text: string) => text.replaceAll(/[^\p{L}]/gu, '');
  fc.assert(
    fc.property(words, (parts) => {
      const text = parts.join('');
      const shown = renderMarkdown(text).replaceAll(TAG, '');
      const back = shown.replaceAll(/&(?:lt|gt|quot|amp);/g, '');
      assert.equal(letters(back), letters(text));
    }),
    { numRuns: 2000 },
  );
});

/** How deep elements lie within each other. Throws where one is closed that is not open. */
function deepest(html: string): number {
  const open: string[] = [];
  let most = 0;
  for (const [, slash = '', name = ''] of html.matchAll(/<(\/?)(\w+)[^>]*>/g)) {
    if (name === 'br') continue;
    if (slash === '') most = Math.max(most, open.push(name));
    else assert.equal(open.pop(), name);
  }
  assert.deepEqual(open, []);
  return most;
}

const LONG = 20_000;
const upTo = (part: string): string => part.repeat(Math.floor(LONG / part.length));

/** Texts that a parser without bounds would nest, or search, without end. */
const HOSTILE = {
  quotes: upTo('> '),
  'quotes without spaces': upTo('>'),
  'quotes over many lines': upTo(`${'>'.repeat(50)}a\n`),
  lists: upTo('- '),
  'growing lists': Array.from({ length: 190 }, (_, n) => `${' '.repeat(n)}- a`).join('\n'),
  'quoted lists': upTo('> - '),
  brackets: upTo('['),
  'closing brackets': `${upTo('[').slice(0, LONG / 2)}${upTo(']').slice(0, LONG / 2)}`,
  links: upTo('[a]('),
  'long addresses': `[a](https://${upTo('(')}`,
  'unclosed titles': upTo('[a](https://x "'),
  images: upTo('![]('),
  strong: `${'*'.repeat(LONG / 2)}a${'*'.repeat(LONG / 2)}`,
  'strong and stressed': upTo('*_'),
  'unclosed stress': upTo('*a '),
  'crossing stress': upTo('*a_ '),
  escapes: upTo('\\'),
  'hard breaks': upTo('a  \n'),
};

test('hostile texts are nested within bounds, and none grows out of proportion', () => {
  for (const [name, text] of Object.entries(HOSTILE)) {
    const html = renderMarkdown(text);
    assert.ok(deepest(html) <= 16, name);
    assert.ok(html.length <= 8 * LONG, `${name} becomes ${html.length} characters`);
  }
});

test('what lies too deep keeps its words and shows its marks', () => {
  assert.match(
    renderMarkdown(`${'> '.repeat(9)}deep\n> > more\n\nafter`),
    /&gt; deep<br>.*more[^]*<p>after/,
  );
  assert.match(
    renderMarkdown(`${'- '.repeat(9)}deep\n- next\n\nafter`),
    /- deep<br>- next[^]*<p>after/,
  );
  assert.equal(
    rendered(`${'*'.repeat(40)}a${'*'.repeat(40)}`).replaceAll(/<\/?strong>/g, ''),
    '<p>a</p>',
  );
});

test('the opening words are those of the first paragraph, without marks', () => {
  const text = '# Title\n\nLet **them**\nleave [now](https://europa.eu) & "soon"!\n\nMore';
  assert.equal(openingWords(text), 'Let them leave now & "soon"!');
  assert.equal(openingWords('- *one*\n- two'), 'one');
  assert.equal(openingWords('# Title'), '');
  assert.equal(openingWords(''), '');
});
