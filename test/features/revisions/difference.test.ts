import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { differenceOf, type Part } from '../../../src/features/revisions/difference.ts';

/** "kept [-removed-]{+added+}", and … for what is left out. */
const written = (parts: Part[]): string =>
  parts
    .map(({ kind, text }) => {
      if (kind === 'removed') return `[-${text}-]`;
      if (kind === 'added') return `{+${text}+}`;
      return kind === 'left_out' ? '…' : text;
    })
    .join('');

const textOf = (parts: Part[], without: Part['kind']): string =>
  parts.map(({ kind, text }) => (kind === without ? '' : text)).join('');

const numbered = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, n) => (from + n).toString(36)).join(' ');

suite('the difference of two texts', () => {
  test('is told word by word, in the words of each language', () => {
    assert.equal(
      written(differenceOf('Den 6 maj antogs förslaget.', 'Den 9 maj antogs beslutet.', 'sv')),
      'Den [-6-]{+9+} maj antogs [-förslaget-]{+beslutet+}.',
    );
    assert.equal(
      written(differenceOf('Мы просим особую визу.', 'Мы требуем особую визу.', 'ru')),
      'Мы [-просим-]{+требуем+} особую визу.',
    );
  });

  test('shows a paragraph that was added, removed or moved as a whole', () => {
    const one = 'The first paragraph.';
    const two = 'The second one says something else.';
    assert.equal(written(differenceOf(one, `${one}\n\n${two}`, 'en')), `${one}\n\n{+${two}+}`);
    assert.equal(written(differenceOf(`${one}\n\n${two}`, two, 'en')), `[-${one}-]\n\n${two}`);
  });

  test('compares as many paragraphs as before one by one', () => {
    const kept = 'These words stay as they are, but for a';
    assert.equal(
      written(differenceOf(`${kept} few.\n\nOld.`, `${kept} lot.\n\nSomething new.`, 'en')),
      `${kept} [-few-]{+lot+}.\n\n[-Old.-] {+Something new.+}`,
    );
  });

  test('shows both whole where hardly a word is left', () => {
    const before = 'We ask for an easier visa.';
    const after = 'Nobody should have to wait for years.';
    assert.equal(written(differenceOf(before, after, 'en')), `[-${before}-] {+${after}+}`);
  });

  test('marks also what differs in nothing but breaks', () => {
    const parts = differenceOf('One.\n\nTwo.', 'One. Two.', 'en');
    assert.equal(written(parts), '[-One.\n\nTwo.-] {+One. Two.+}');
  });

  test('leaves out the middle of what stayed, between whole words', () => {
    const long = numbered(2000, 2400);
    const parts = differenceOf(`${long} old ${long}`, `${long} new ${long}`, 'en');
    assert.match(written(parts), /^…(\w{3} )+\[-old-\]\{\+new\+\}( \w{3})+…$/);
    assert.ok(written(parts).length < 300);
  });

  test('gives both texts back, whatever they are', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', 'вода', 'och', ' ', ' ', '.', '\n\n', '😀', '<b>'), {
        maxLength: 80,
      })
      .map((words) =>
        words
          .join('')
          .replaceAll(/\n\s*\n/g, '\n\n')
          .trim(),
      );
    const plain = (text: string) => text.replaceAll(/\s/g, '');
    fc.assert(
      fc.property(text, text, (before, after) => {
        const parts = differenceOf(before, after, 'sv');
        assert.equal(plain(textOf(parts, 'added')), plain(before));
        assert.equal(plain(textOf(parts, 'removed')), plain(after));
        const changed = parts.some(({ kind }) => kind === 'added' || kind === 'removed');
        assert.equal(changed, before !== after);
      }),
    );
  });

  test('of texts that have no word in common is both of them', () => {
    const [before, after] = [numbered(10_000, 14_000), numbered(20_000, 24_000)];
    const parts = differenceOf(before, after, 'en');
    assert.deepEqual(
      parts.filter(({ kind }) => kind !== 'same'),
      [
        { kind: 'removed', text: before },
        { kind: 'added', text: after },
      ],
    );
  });
});
