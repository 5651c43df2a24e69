import type { Fact } from './block.ts';
import { linesOf } from './lines.ts';
import { LEFT, QUIET, WIDTH, type Paper } from './paper.ts';
import { settableLine } from './signs.ts';
import { writeLines } from './text.ts';

const LABEL_WIDTH = 122;
const STYLE = { size: 10.5, leading: 16 };

/** Labels on the left, what stands behind them on the right. */
export function writeFacts(paper: Paper, facts: readonly Fact[]): void {
  paper.within('Table', {}, () => {
    for (const fact of facts) writeFact(paper, fact);
  });
  paper.y += 10;
}

function writeFact(paper: Paper, { label, value, lang, href }: Fact): void {
  const { fonts } = paper;
  const { size, leading } = STYLE;
  const width = WIDTH - LABEL_WIDTH;
  const labels = linesOf([{ text: label, face: 'sans' }], {
    fonts,
    size: 9.5,
    width: LABEL_WIDTH - 12,
  });
  const text = settableLine(value);
  const values = linesOf([{ text, face: 'sans', href }], { fonts, size, width });
  paper.need(Math.max(labels.length, Math.min(values.length, 3)) * leading);
  paper.within('TR', {}, () => {
    const from = { page: paper.pages, y: paper.y };
    paper.within('TH', { scope: 'Row' }, () => {
      writeLines(paper, 'TH', labels, { size: 9.5, leading, colour: QUIET });
    });
    const below = paper.y;
    paper.y = from.y;
    paper.within('TD', lang === undefined ? {} : { lang }, () => {
      writeLines(paper, 'TD', values, { ...STYLE, x: LEFT + LABEL_WIDTH, width });
    });
    if (paper.pages === from.page) paper.y = Math.max(paper.y, below);
  });
  paper.y += 4;
}
