import type { Face, Fonts } from './fonts.ts';
import { runsOf, type Run } from './signs.ts';

/** Words that are marked alike. */
export interface Span {
  text: string;
  face: Face;
  href?: string | undefined;
}

export interface Setting {
  fonts: Fonts;
  size: number;
  width: number;
}

export type Part = Run & { href: string | undefined; width: number };

/** Letters without a place to break between them, and the space behind them. */
export interface Word {
  parts: Part[];
  width: number;
  space: Part | null;
  /** The line ends here. */
  ends: boolean;
}

/** Text by the places where a line may end. */
export function wordsOf(spans: readonly Span[], setting: Setting): Word[] {
  const words: Word[] = [];
  let word: Word = blank();
  const next = () => {
    words.push(word);
    word = blank();
  };
  for (const { text, face, href } of spans) {
    for (const bit of text.split(/( +|\n)/)) {
      if (bit === '') continue;
      if (bit === '\n') {
        word.ends = true;
        next();
      } else if (bit.startsWith(' ')) {
        word.space = partOf({ text: ' ', face }, href, setting);
        next();
      } else {
        const parts = runsOf(bit, face, setting.fonts).map((run) => partOf(run, href, setting));
        word.parts.push(...parts);
        word.width += sum(parts);
      }
    }
  }
  next();
  return words.filter(({ parts, ends }) => parts.length > 0 || ends);
}

const blank = (): Word => ({ parts: [], width: 0, space: null, ends: false });

export const sum = (parts: readonly Part[]): number =>
  parts.reduce((total, { width }) => total + width, 0);

function partOf(run: Run, href: string | undefined, { fonts, size }: Setting): Part {
  return { ...run, href, width: widthOf(run, fonts, size) };
}

export function widthOf({ text, face }: Run, fonts: Fonts, size: number): number {
  return fonts.use(face, size).widthOfString(text, size);
}

/** Where an address may be broken: behind what divides it. */
const DIVIDED = /(?<=[/.?&=_@-])/;

const letters = new Intl.Segmenter();

/** A word that is wider than a line, in as many as it takes. */
export function cut(word: Word, setting: Setting): Word[] {
  if (word.width <= setting.width) return [word];
  const bits = word.parts.flatMap((part) =>
    part.text
      .split(DIVIDED)
      .map((text) => partOf({ ...part, text }, part.href, setting))
      .flatMap((bit) =>
        bit.width <= setting.width / 2
          ? [bit]
          : [...letters.segment(bit.text)].map(({ segment }) =>
              partOf({ ...bit, text: segment }, bit.href, setting),
            ),
      ),
  );
  const words: Word[] = [blank()];
  for (const bit of bits) {
    let last = words.at(-1) as Word;
    if (last.width > 0 && last.width + bit.width > setting.width) {
      last = blank();
      words.push(last);
    }
    last.parts.push(bit);
    last.width += bit.width;
  }
  Object.assign(words.at(-1) as Word, { space: word.space, ends: word.ends });
  return words;
}
