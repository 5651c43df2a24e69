import { linesOf, type Line } from './lines.ts';
import { LEFT, WIDTH, type Paper } from './paper.ts';
import { settableLine } from './signs.ts';

const COLUMNS = 3;
const GAP = 16;
const COLUMN_WIDTH = (WIDTH - (COLUMNS - 1) * GAP) / COLUMNS;
const SIZE = 8.6;
const LEADING = 12.4;

/** A page on which a column would be shorter is left to what stood before. */
const FEWEST_LINES = 20;

/** The second line of a name is set in, so that it is not taken for another one. */
const HANGING = 6;

/**
 * Names in columns that are filled one after the other, and are equally long at the end. A column is
 * one element: one for each name would take more memory than all the rest.
 */
export class Columns {
  private readonly paper: Paper;
  /** Names that are not on a page yet, by their lines. */
  private waiting: Line[][] = [];
  private hasBegun = false;

  constructor(paper: Paper) {
    this.paper = paper;
  }

  write(names: readonly string[]): void {
    const setting = { fonts: this.paper.fonts, size: SIZE, width: COLUMN_WIDTH - HANGING };
    for (const name of names) {
      this.waiting.push(linesOf([{ text: settableLine(name), face: 'sans' }], setting));
    }
    for (;;) {
      const columns = fill(this.waiting, this.capacity());
      const written = columns.flat().length;
      if (written === this.waiting.length) return; // there may be room for more
      this.draw(columns);
      this.paper.turn();
      this.waiting = this.waiting.slice(written);
    }
  }

  /** What follows stands below all of them. */
  end(): void {
    if (this.waiting.length > 0) {
      let capacity = Math.ceil(this.waiting.flat().length / COLUMNS);
      while (fill(this.waiting, capacity).flat().length < this.waiting.length) capacity += 1;
      this.draw(fill(this.waiting, capacity));
      this.paper.y += capacity * LEADING + 10;
    }
    this.waiting = [];
    this.hasBegun = false;
  }

  /** How many lines a column has on this page. */
  private capacity(): number {
    if (!this.hasBegun) this.paper.need(FEWEST_LINES * LEADING);
    this.hasBegun = true;
    return Math.floor(this.paper.room / LEADING);
  }

  private draw(columns: readonly Line[][][]): void {
    const { paper } = this;
    columns.forEach((names, column) => {
      let y = paper.y + SIZE;
      paper.within('P', {}, () => {
        for (const lines of names) {
          lines.forEach((line, n) => {
            const x = LEFT + column * (COLUMN_WIDTH + GAP) + (n > 0 ? HANGING : 0);
            paper.putLine(line, 'P', SIZE, x, y);
            y += LEADING;
          });
        }
      });
    });
  }
}

/** As many names as have room in columns of so many lines, none of them divided. */
function fill(names: readonly Line[][], capacity: number): Line[][][] {
  const columns: Line[][][] = [];
  let left = 0;
  for (const lines of names) {
    if (columns.length === 0 || lines.length > left) {
      if (columns.length === COLUMNS) return columns;
      columns.push([]);
      left = capacity;
    }
    columns.at(-1)?.push(lines);
    left -= lines.length;
  }
  return columns;
}
