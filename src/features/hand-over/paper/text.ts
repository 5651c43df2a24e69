import { linesOf, type Line } from './lines.ts';
import type { Span } from './words.ts';
import { INK, LEFT, WIDTH, type Kind, type Paper } from './paper.ts';

/** How a paragraph looks, and where it stands. */
export interface Style {
  size: number;
  leading: number;
  colour?: string;
  x?: number;
  width?: number;
}

export const BODY: Style = { size: 10.5, leading: 16 };
export const SMALL: Style = { size: 8.8, leading: 13.2 };

/** A paragraph, or a heading: one element with its lines. */
export function writeText(
  paper: Paper,
  type: string,
  spans: readonly Span[],
  style: Style,
  kind: Kind = {},
): void {
  const { size, width = WIDTH } = style;
  const lines = linesOf(spans, { fonts: paper.fonts, size, width });
  if (lines.length === 0) return;
  paper.within(type, kind, () => {
    writeLines(paper, type, lines, style);
  });
}

/** No page ends with the first line of a paragraph, and none begins with the last one. */
export function writeLines(paper: Paper, type: string, lines: readonly Line[], style: Style): void {
  const { size, leading, colour = INK, x = LEFT } = style;
  const all = lines.length;
  lines.forEach((line, n) => {
    const left = all - n;
    const together = n === 0 ? (all <= 3 ? all : 2) : left === 2 ? 2 : 1;
    paper.need(together * leading);
    paper.putLine(line, type, size, x, paper.y + (leading + size * 0.72) / 2, colour);
    paper.y += leading;
  });
}
