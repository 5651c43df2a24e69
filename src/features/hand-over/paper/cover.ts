import type { Block } from './block.ts';
import { ACCENT, INK, LEFT, QUIET, WIDTH, type Paper } from './paper.ts';
import { writeFacts } from './facts.ts';
import { linesOf } from './lines.ts';
import { settableLine } from './signs.ts';
import { writeText } from './text.ts';

type Cover = Extract<Block, { is: 'cover' }>;
type Figure = Extract<Block, { is: 'figure' }>;

/** Where the number of signatures stands on the first page, unless the words above reach further. */
const FIGURE_Y = 560;
const FIGURE_SIZE = 54;

/** A long title is set smaller. */
const TITLE_SIZES = [30, 26, 22, 18];
const MOST_TITLE_LINES = 5;

export function writeCover(paper: Paper, { kicker, title, lang, notes, facts }: Cover): void {
  paper.turn();
  paper.aside(() => {
    paper.doc.rect(LEFT, 92, 44, 4).fill(ACCENT);
  });
  paper.y = 118;
  const small = { size: 11, leading: 18, colour: QUIET };
  writeText(paper, 'P', [{ text: settableLine(kicker), face: 'sans' }], small);
  paper.y += 6;
  const spans = [{ text: settableLine(title), face: 'serif_bold' as const }];
  const size =
    TITLE_SIZES.find((size) => {
      const lines = linesOf(spans, { fonts: paper.fonts, size, width: WIDTH });
      return lines.length <= MOST_TITLE_LINES;
    }) ?? 18;
  writeText(paper, 'H1', spans, { size, leading: size * 1.28 }, { lang });
  paper.y += 6;
  for (const note of notes) {
    const quiet = { size: 9.5, leading: 14.5, colour: QUIET };
    writeText(paper, 'P', [{ text: settableLine(note), face: 'sans' }], quiet);
  }
  paper.y += 22;
  writeFacts(paper, facts);
}

/** How many have signed, large, at the foot of the first page. */
export function writeFigure(paper: Paper, { figure, label, day }: Figure): void {
  paper.need(190);
  paper.y = Math.max(paper.y + 20, FIGURE_Y);
  paper.aside(() => {
    paper.rule(paper.y, 0.75);
  });
  paper.y += 20;
  const large = { size: FIGURE_SIZE, leading: FIGURE_SIZE * 1.2, colour: ACCENT };
  writeText(paper, 'P', [{ text: figure, face: 'serif_bold' }], large);
  const label_ = { size: 14, leading: 22, colour: INK };
  writeText(paper, 'P', [{ text: label, face: 'sans' }], label_);
  writeText(paper, 'P', [{ text: day, face: 'sans' }], { size: 10, leading: 17, colour: QUIET });
}
