import type { Run } from './signs.ts';
import { cut, sum, wordsOf, type Part, type Setting, type Span, type Word } from './words.ts';

/** A piece of a line where it stands. */
export interface Piece extends Run {
  x: number;
  width: number;
  href: string | undefined;
}

export type Line = Piece[];

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

const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Nko}]/u;

const isTurned = ({ text }: Run): boolean => RIGHT_TO_LEFT.test(text);

const isMirrored = ({ parts }: Word): boolean => parts.some(isTurned);

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
      const goesBack = to - from > 1 && !last.includes(part);
      if (goesBack) at -= part.width;
      if (last.includes(part)) at = x + width;
      push(line, part, at);
      if (!goesBack) at += part.width;
    }
    x += width + sum(last);
    from = to;
  }
  return line;
}

const spaceOf = ({ space }: Word): Part[] => (space === null ? [] : [space]);

/**
 * What goes on in the same way becomes one piece, so that it is found as one text. The font turns a
 * piece as a whole: spaces and words beside what is written from right to left are pieces of their own.
 */
function push(line: Line, part: Part, x: number): void {
  const last = line.at(-1);
  const isAlike = last?.face === part.face && last.href === part.href;
  const goesOn = isAlike && !isTurned(last) && !isTurned(part);
  if (goesOn && Math.abs(last.x + last.width - x) < 0.01) {
    last.text += part.text;
    last.width += part.width;
  } else {
    line.push({ ...part, x });
  }
}
