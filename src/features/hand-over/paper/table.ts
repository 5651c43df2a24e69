import type { Block } from './block.ts';
import type { Face } from './fonts.ts';
import { linesOf } from './lines.ts';
import { widthOf } from './words.ts';
import { LEFT, QUIET, WIDTH, type Paper } from './paper.ts';
import { settableLine } from './signs.ts';
import { writeLines } from './text.ts';

type Table = Extract<Block, { is: 'table' }>;

const NUMBERS_WIDTH = 90;
const SIZE = 9.8;
const LEADING = 15;
const PADDING = 4;

/** The sum does not stand on a page alone. */
const ROWS_TOGETHER = 3;

interface Look {
  face: Face;
  colour?: string;
  isHead?: boolean;
}

/** Names on the left, numbers on the right. */
export function writeTable(paper: Paper, { head, rows, sum }: Table): void {
  paper.within('Table', {}, () => {
    paper.need(4 * (LEADING + 2 * PADDING));
    writeRow(paper, head, { face: 'sans', colour: QUIET, isHead: true });
    rows.forEach((row, n) => {
      if (n === rows.length - 1) paper.need(ROWS_TOGETHER * (LEADING + 2 * PADDING));
      writeRow(paper, row, { face: 'sans' });
    });
    if (sum !== undefined) writeRow(paper, sum, { face: 'sans_bold' });
  });
  paper.y += 10;
}

function writeRow(paper: Paper, [name, number]: [string, string], look: Look): void {
  const { fonts } = paper;
  const { face, colour, isHead = false } = look;
  const style = { size: SIZE, leading: LEADING, ...(colour !== undefined && { colour }) };
  const width = WIDTH - NUMBERS_WIDTH - 12;
  const names = linesOf([{ text: settableLine(name), face }], { fonts, size: SIZE, width });
  const numbers = linesOf([{ text: number, face }], { fonts, size: SIZE, width: NUMBERS_WIDTH });
  paper.need(names.length * LEADING + 2 * PADDING);
  paper.y += PADDING;
  const from = paper.y;
  const kind = isHead ? ({ scope: 'Column' } as const) : {};
  paper.within('TR', {}, () => {
    const first = isHead ? 'TH' : 'TD';
    paper.within(first, kind, () => {
      writeLines(paper, first, names, style);
    });
    const below = paper.y;
    paper.y = from;
    const taken = widthOf({ text: number, face }, fonts, SIZE);
    paper.within(first, kind, () => {
      writeLines(paper, first, numbers, { ...style, x: LEFT + WIDTH - taken });
    });
    paper.y = below + PADDING;
  });
  paper.aside(() => {
    paper.rule(paper.y, 0.5);
  });
}
