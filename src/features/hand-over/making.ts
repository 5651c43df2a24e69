import type { Writable } from 'node:stream';
import { formatIn } from '../../i18n/format.ts';
import { today } from '../../today.ts';
import { send } from '../exports/sending.ts';
import type { Petition } from '../petitions/petition.ts';
import { breakHandOver, finishHandOver, type HandOverServices } from './actions.ts';
import { blocksOf, imprintOf } from './chapters/chapters.ts';
import { findContents, namesOf } from './contents.ts';
import type { HandOver, Written } from './hand-over.ts';
import { print } from './paper/printer.ts';
import { saveProgress } from './store.ts';

/**
 * Makes a document that was begun, as fast as it is taken, and keeps none of it. Throws what hindered
 * it; then it has broken off. Nobody gets more of it who is no admin any more.
 */
export async function makeHandOver(
  { db, translations, baseUrl }: HandOverServices,
  petition: Pick<Petition, 'id' | 'slug'>,
  running: HandOver,
  to: Writable,
): Promise<Written> {
  let written = 0;
  async function* counted(pages: AsyncIterable<string[]>): AsyncGenerator<string[]> {
    for await (const names of pages) {
      yield names;
      written += names.length;
    }
  }
  try {
    const { language: locale } = running;
    const contents = await findContents(db, petition.slug, running);
    const t = translations[locale];
    const wording = { locale, t, format: formatIn(locale), baseUrl, today: today() };
    const names = running.with_names ? counted(namesOf(db, petition)) : null;
    const bytes = print(imprintOf(contents, wording), blocksOf(contents, wording, names));
    const sent = await send(bytes, to, {
      goesOn: () => saveProgress(db, running, written),
      finish: (sent) => finishHandOver(db, running, { names: written, ...sent }),
    });
    return { names: written, ...sent };
  } catch (error) {
    await breakHandOver(db, running, written).catch(() => undefined); // its silence says so
    throw error;
  }
}
