import PDFDocument from 'pdfkit';
import type { Imprint } from './block.ts';
import { openFonts, type Face, type Fonts } from './fonts.ts';
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
export const RULE = '#c9ccd4';

const FURNITURE = 8;

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
  private readonly head: string;
  private readonly open: PDFKit.PDFStructureElement[] = [];
  /** How many pages there are, which is drawn on every page and known at the end. */
  private readonly total;

  constructor({ title, language, head, day }: Imprint) {
    this.head = settableLine(head);
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
    this.total = this.doc.ref({
      Type: 'XObject',
      Subtype: 'Form',
      FormType: 1,
      BBox: [0, -4, 80, FURNITURE],
    });
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
    if (this.pages > 1) this.furnish();
  }

  /** The running head, and the number of the page behind which the total is drawn. */
  private furnish(): void {
    const { doc } = this;
    this.aside(() => {
      const number = `${this.pages} / `;
      const width = this.fonts.use('sans', FURNITURE).widthOfString(number, FURNITURE);
      this.put(this.head, 'sans', FURNITURE, LEFT, 56, QUIET);
      doc
        .moveTo(LEFT, 63)
        .lineTo(LEFT + WIDTH, 63)
        .lineWidth(0.5)
        .stroke(RULE);
      this.put(number, 'sans', FURNITURE, LEFT, 800, QUIET);
      (doc.page.xobjects as Record<string, unknown>).Total = this.total;
      doc.addContent(`q 1 0 0 -1 ${LEFT + width} 800 cm /Total Do Q`);
    }, 'Pagination');
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
    const font = this.fonts.use('sans', FURNITURE);
    const [glyphs] = font.encode(String(this.pages));
    Object.assign(this.total.data, { Resources: { Font: { [font.id]: font.ref() } } });
    this.total.end(
      `0.333 0.345 0.373 rg BT /${font.id} ${FURNITURE} Tf <${glyphs.join('')}> Tj ET`,
    );
    for (const element of this.open.splice(0)) element.end();
    this.doc.end();
  }
}
