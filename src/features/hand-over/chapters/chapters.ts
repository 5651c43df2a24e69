import type { Contents } from '../contents.ts';
import type { Block, Imprint } from '../paper/block.ts';
import { LACKING } from '../paper/signs.ts';
import { confirmingOf } from './confirming.ts';
import { courseOf } from './course.ts';
import { coverOf } from './cover.ts';
import { fileOf } from './file.ts';
import { numbersOf } from './numbers.ts';
import { textOf } from './text.ts';
import type { Wording } from './wording.ts';

export const imprintOf = ({ petition }: Contents, { locale, today }: Wording): Imprint => ({
  title: petition.title,
  language: locale,
  head: petition.title,
  day: today.toString(),
});

/** A document in the order in which it is read; the names come some hundreds at a time, if at all. */
export async function* blocksOf(
  contents: Contents,
  wording: Wording,
  names: AsyncIterable<string[]> | null,
): AsyncGenerator<Block[]> {
  const { t } = wording;
  yield [
    ...coverOf(contents, wording),
    ...textOf(contents, wording),
    ...courseOf(contents, wording),
    ...numbersOf(contents, wording),
    ...confirmingOf(wording),
    ...fileOf(contents, wording),
  ];
  if (names !== null) yield* nameBlocks(names, wording);
  yield [{ is: 'lacking', text: t('handover:list.lacking', { sign: LACKING }) }];
}

async function* nameBlocks(
  pages: AsyncIterable<string[]>,
  { t }: Wording,
): AsyncGenerator<Block[]> {
  yield [
    { is: 'chapter', text: t('handover:list.heading'), onNewPage: true },
    { is: 'paragraph', text: t('handover:list.lead') },
  ];
  let count = 0;
  for await (const names of pages) {
    count += names.length;
    yield [{ is: 'names', names }];
  }
  const all = count === 0 ? t('handover:list.none') : t('handover:list.all', { count });
  yield [{ is: 'paragraph', text: all, quiet: true }];
}
