import type { Block, Imprint } from './block.ts';
import { Columns } from './columns.ts';
import { writeCover, writeFigure } from './cover.ts';
import { writeFacts } from './facts.ts';
import { writeLabel, writeMarkdown } from './markdown.ts';
import { LEFT, Paper, QUIET, WIDTH } from './paper.ts';
import { settableLine } from './signs.ts';
import { writeTable } from './table.ts';
import { BODY, SMALL, writeText, type Style } from './text.ts';

export interface Typesetter {
  /** Sets what comes next, and gives the bytes that are done by then. */
  set: (blocks: readonly Block[]) => Uint8Array;
  finish: () => Uint8Array;
}

/** A document as PDF, made of blocks that come a few at a time. */
export function createTypesetter(imprint: Imprint): Typesetter {
  const paper = new Paper(imprint);
  const columns = new Columns(paper);
  return {
    set(blocks) {
      for (const block of blocks) {
        if (block.is !== 'names') columns.end();
        write(paper, columns, block);
      }
      return paper.take();
    },
    finish() {
      columns.end();
      paper.finish();
      return paper.take();
    },
  };
}

function write(paper: Paper, columns: Columns, block: Block): void {
  switch (block.is) {
    case 'cover':
      writeCover(paper, block);
      break;
    case 'figure':
      writeFigure(paper, block);
      break;
    case 'chapter':
      writeChapter(paper, block);
      break;
    case 'heading':
      paper.need(90);
      paper.y += 8;
      writeLine(paper, 'H3', block.text, 'sans_bold', { size: 11.5, leading: 17 });
      paper.y += 3;
      break;
    case 'paragraph':
      if (block.quiet === true) {
        writeQuiet(paper, block.text);
      } else {
        writeLine(paper, 'P', block.text, 'serif', BODY);
        paper.y += 8;
      }
      break;
    case 'markdown':
      writeMarkdown(paper, block.text, block.lang);
      break;
    case 'list':
      writeList(paper, block.items);
      break;
    case 'facts':
      writeFacts(paper, block.facts);
      break;
    case 'table':
      writeTable(paper, block);
      break;
    case 'checksum':
      for (const line of block.lines) {
        writeLine(paper, 'P', line, 'mono', { size: 11, leading: 19 });
      }
      paper.y += 10;
      break;
    case 'lacking':
      if (paper.fonts.hasLacked()) writeQuiet(paper, block.text);
      break;
    case 'names':
      columns.write(block.names);
  }
}

/** No page ends with the heading of a chapter, or with that and another one. */
const CHAPTER_ROOM = 160;

/** With a place in the list of contents that readers show beside the pages. */
function writeChapter(paper: Paper, block: Extract<Block, { is: 'chapter' }>): void {
  const isNew = block.onNewPage === true || paper.room < CHAPTER_ROOM;
  if (isNew) paper.turn();
  else paper.y += 26;
  paper.doc.outline.addItem(settableLine(block.text));
  writeLine(paper, 'H2', block.text, 'serif_bold', { size: 18, leading: 25 });
  paper.y += 8;
}

function writeList(paper: Paper, items: readonly string[]): void {
  paper.within('L', {}, () => {
    for (const item of items) {
      paper.within('LI', {}, () => {
        writeLabel(paper, '•', 0);
        const style = { ...BODY, x: LEFT + 18, width: WIDTH - 18 };
        writeLine(paper, 'LBody', item, 'serif', style);
      });
      paper.y += 5;
    }
  });
  paper.y += 4;
}

function writeQuiet(paper: Paper, text: string): void {
  writeLine(paper, 'P', text, 'sans', { ...SMALL, colour: QUIET });
  paper.y += 8;
}

const writeLine = (
  paper: Paper,
  type: string,
  text: string,
  face: 'serif' | 'serif_bold' | 'sans' | 'sans_bold' | 'mono',
  style: Style,
): void => {
  writeText(paper, type, [{ text: settableLine(text), face }], style);
};
