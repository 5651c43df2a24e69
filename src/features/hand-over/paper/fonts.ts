import { fileURLToPath } from 'node:url';

/** The faces that a document is set in. All of them have Latin, Cyrillic, Greek, Georgian, Armenian. */
const FILES = {
  serif: 'DejaVuSerifCondensed',
  serif_bold: 'DejaVuSerifCondensed-Bold',
  serif_italic: 'DejaVuSerifCondensed-Italic',
  serif_bold_italic: 'DejaVuSerifCondensed-BoldItalic',
  sans: 'DejaVuSansCondensed',
  sans_bold: 'DejaVuSansCondensed-Bold',
  mono: 'DejaVuSansMono',
};

export type Face = keyof typeof FILES;

/** What pdfkit keeps of the font in use, of which its types say nothing. */
interface OpenFont {
  id: string;
  ref: () => object;
  widthOfString: (text: string, size: number) => number;
  encode: (text: string) => [glyphs: string[], positions: unknown[]];
  font: {
    unitsPerEm: number;
    hasGlyphForCodePoint: (codePoint: number) => boolean;
    glyphForCodePoint: (codePoint: number) => { advanceWidth: number };
  };
}

// Its types do not have the field, and nothing else knows which letters the font has.
const openFont = (doc: PDFKit.PDFDocument): OpenFont =>
  (doc as unknown as { _font: OpenFont })._font;

/** Letters that all of them have. */
const COMMON = /^[\u0020-\u007e\u00a0-\u017f\u0400-\u045f\u2013-\u201e]*$/;

const codePointsOf = (text: string): number[] =>
  Array.from(text, (letter) => letter.codePointAt(0) ?? 0);

/** The fonts of one document. Only the letters that it uses become part of it. */
export function openFonts(doc: PDFKit.PDFDocument) {
  for (const [face, file] of Object.entries(FILES)) {
    doc.registerFont(face, fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${file}.ttf`)));
  }
  let hasLacked = false;
  return {
    /** From now on text is written in this face. */
    use: (face: Face, size: number): OpenFont => openFont(doc.font(face, size)),
    /** Whether it has every letter of a text. */
    has(face: Face, text: string): boolean {
      if (COMMON.test(text)) return true;
      const { font } = openFont(doc.font(face));
      return codePointsOf(text).every((codePoint) => font.hasGlyphForCodePoint(codePoint));
    },
    /** Something was written otherwise, since no font has it. */
    lack(): void {
      hasLacked = true;
    },
    hasLacked: () => hasLacked,
    /** Its width without what letters give up beside each other: as good as right, and in no time. */
    roughWidth(face: Face, text: string, size: number): number {
      const { font } = openFont(doc.font(face));
      const widths = codePointsOf(text).map((one) => font.glyphForCodePoint(one).advanceWidth);
      return (widths.reduce((all, width) => all + width, 0) / font.unitsPerEm) * size;
    },
  };
}

export type Fonts = ReturnType<typeof openFonts>;
