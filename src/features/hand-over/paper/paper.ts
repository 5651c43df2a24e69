import PDFDocument from 'pdfkit';
import type { Imprint } from './block.ts';
import { openFonts, type Face, type Fonts } from './fonts.ts';
import { createFurniture, type Furniture } from './furniture.ts';
import type { Line } from './lines.ts';
import { settableLine } from './signs.ts';

/** A4 in points, and what stays blank around the text. */
export const LEFT = 85;
export const WIDTH = 425;
const TOP = 92;
const BOTTOM = 842 - 84;

export const INK = '#1c1c1c';
export const QUIET = '#55585f';
export const ACCENT = '#1d3a8f';
const RULE = '#c9ccd4';

export interface Kind {
  lang?: string;
  scope?: 'Row' | 'Column' | 'Both';
}

/**
 * The pages of a document that is written from top to bottom. What is written is tagged, so that it
 * can be read aloud: elements open and close within each other, and hold what is marked meanwhile.
 * Pages that are full are kept only until their bytes are taken.
 */
export class Paper {
  readonly fonts: Fonts;
  readonly doc: PDFKit.PDFDocument;
  /** Where the next line begins. */
  y = TOP;
  /** Pages so far. */
  pages = 0;
  private readonly furniture: Furniture;
  private readonly open: PDFKit.PDFStructureElement[] = [];

  constructor({ title, language, head, day }: Imprint) {
    this.doc = new PDFDocument({
      size: 'A4',
      margin: 0,
      pdfVersion: '1.7',
      lang: language,
      tagged: true,
      displayTitle: true,
      autoFirstPage: false,
      fontLayoutCache: false, // it would keep every name
      info: {
        Title: settableLine(title),
        Creator: 'Upprop',
        Producer: 'Upprop',
        CreationDate: new Date(`${day}T00:00:00Z`),
      },
    });
    this.fonts = openFonts(this.doc);
    this.furniture = createFurniture(this, settableLine(head));
    const root = this.doc.struct('Document');
    this.doc.addStructure(root);
    this.open.push(root);
  }

  /** What is left of the page. */
  get room(): number {
    return this.pages === 0 ? 0 : BOTTOM - this.y;
  }

  /** Goes on to another page unless so much has room on this one. */
  need(height: number): void {
    if (this.room < height && (this.pages === 0 || this.y > TOP)) this.turn();
  }

  turn(): void {
    this.doc.addPage();
    this.pages += 1;
    this.y = TOP;
    if (this.pages > 1) this.furniture.draw();
  }

  /** What `write` writes is of this kind: a paragraph, a heading, a list. */
  within(type: string, kind: Kind, write: () => void): void {
    this.begin(type, kind);
    write();
    this.end();
  }

  begin(type: string, kind: Kind = {}): PDFKit.PDFStructureElement {
    const element = this.doc.struct(type, kind);
    this.open.at(-1)?.add(element);
    this.open.push(element);
    return element;
  }

  end(): void {
    this.open.pop()?.end();
  }

  /** Content of the innermost element, all of it on this page. */
  mark(type: string, draw: () => void): void {
    const content = this.doc.markStructureContent(type);
    draw();
    this.doc.endMarkedContent();
    this.open.at(-1)?.add(content);
  }

  /** What is only to be seen. */
  aside(draw: () => void, type: 'Pagination' | 'Layout' = 'Layout'): void {
    this.doc.markContent('Artifact', { type });
    draw();
    this.doc.endMarkedContent();
  }

  /** A line from one margin to the other. */
  rule(y: number, thickness: number): void {
    this.doc
      .moveTo(LEFT, y)
      .lineTo(LEFT + WIDTH, y)
      .lineWidth(thickness)
      .stroke(RULE);
  }

  /** Text on one line, where its letters stand at `y`. */
  put(text: string, face: Face, size: number, x: number, y: number, colour = INK): void {
    this.fonts.use(face, size);
    const options = { lineBreak: false, baseline: 'alphabetic', textWidth: 1, wordCount: 1 };
    this.doc.fillColor(colour).text(text, x, y, options as PDFKit.Mixins.TextOptions);
  }

  /** A line of text; its links are links. */
  putLine(line: Line, type: string, size: number, x: number, y: number, colour = INK): void {
    for (const piece of line) {
      const { href } = piece;
      const draw = () => {
        const shown = href === undefined ? colour : ACCENT;
        this.put(piece.text, piece.face, size, x + piece.x, y, shown);
      };
      if (href === undefined) {
        this.mark(type, draw);
      } else {
        const structParent = this.begin('Link');
        this.mark('Link', draw);
        const options = { structParent, Contents: new String(href) } as object;
        this.doc.link(x + piece.x, y - size, piece.width, size * 1.3, href, options);
        this.end();
      }
    }
  }

  /** What is done of the file. */
  take(): Uint8Array {
    const { doc } = this;
    return (doc.read(doc.readableLength) as Uint8Array | null) ?? new Uint8Array();
  }

  finish(): void {
    this.furniture.finish();
    for (const element of this.open.splice(0)) element.end();
    this.doc.end();
  }
}
