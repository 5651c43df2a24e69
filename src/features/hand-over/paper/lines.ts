import type { Face, Fonts } from './fonts.ts';
import { runsOf, type Run } from './signs.ts';

/** Words that are marked alike. */
export interface Span {
  text: string;
  face: Face;
  href?: string | undefined;
}

/** A piece of a line where it stands. */
export interface Piece extends Run {
  x: number;
  width: number;
  href: string | undefined;
}

export type Line = Piece[];

type Part = Run & { href: string | undefined; width: number };

/** Letters without a place to break between them, and the space behind them. */
interface Word {
  parts: Part[];
  width: number;
  space: Part | null;
  /** The line ends here. */
  ends: boolean;
}

export interface Setting {
  fonts: Fonts;
  size: number;
  width: number;
}

/** Breaks text into lines that are flush left. Nothing is hyphenated; what is too long is cut. */
export function linesOf(spans: readonly Span[], setting: Setting): Line[] {
  return shortLine(spans, setting) ?? brokenLines(spans, setting);
}

/** What has room on one line and looks alike is not taken apart: names are so, as a rule. */
function shortLine([span, another]: readonly Span[], setting: Setting): Line[] | null {
  if (span === undefined || another !== undefined) return null;
  const { text, face, href } = span;
  if (text.length > LONGEST_LINE || /\n/.test(text) || RIGHT_TO_LEFT.test(text)) return null;
  if (text === '' || !setting.fonts.has(face, text)) return null;
  const width = setting.fonts.roughWidth(face, text, setting.size);
  return width > setting.width ? null : [[{ text, face, href, x: 0, width }]];
}

const LONGEST_LINE = 120;

function brokenLines(spans: readonly Span[], setting: Setting): Line[] {
  const lines: Word[][] = [[]];
  let taken = 0;
  for (const word of wordsOf(spans, setting).flatMap((long) => cut(long, setting))) {
    if (taken > 0 && taken + word.width > setting.width) {
      lines.push([]);
      taken = 0;
    }
    lines.at(-1)?.push(word);
    taken += word.width + (word.space?.width ?? 0);
    if (word.ends) {
      lines.push([]);
      taken = 0;
    }
  }
  return lines.filter((line, n) => line.length > 0 || n < lines.length - 1).map(placed);
}

function wordsOf(spans: readonly Span[], setting: Setting): Word[] {
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

const sum = (parts: readonly Part[]): number =>
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
function cut(word: Word, setting: Setting): Word[] {
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

const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Nko}]/u;

const isMirrored = ({ parts }: Word): boolean => parts.some(({ text }) => RIGHT_TO_LEFT.test(text));

/**
 * Where each piece stands. It stays in the order in which it is read; words that are written from
 * right to left stand in that order.
 */
function placed(words: readonly Word[]): Line {
  const line: Line = [];
  let x = 0;
  for (let from = 0; from < words.length;) {
    let to = from + 1;
    if (isMirrored(words[from] as Word)) {
      while (to < words.length && isMirrored(words[to] as Word)) to += 1;
    }
    const parts = words.slice(from, to).flatMap((word) => [...word.parts, ...spaceOf(word)]);
    const last = spaceOf(words[to - 1] as Word);
    const width = sum(parts) - sum(last);
    let at = to - from > 1 ? x + width : x;
    for (const part of parts) {
      const isTurned = to - from > 1 && !last.includes(part);
      if (isTurned) at -= part.width;
      if (last.includes(part)) at = x + width;
      push(line, part, at);
      if (!isTurned) at += part.width;
    }
    x += width + sum(last);
    from = to;
  }
  return line;
}

const spaceOf = ({ space }: Word): Part[] => (space === null ? [] : [space]);

/** What goes on in the same way becomes one piece, so that it is found as one text. */
function push(line: Line, part: Part, x: number): void {
  const last = line.at(-1);
  const goesOn = last?.face === part.face && last.href === part.href;
  if (goesOn && Math.abs(last.x + last.width - x) < 0.01) {
    last.text += part.text;
    last.width += part.width;
  } else {
    line.push({ ...part, x });
  }
}
