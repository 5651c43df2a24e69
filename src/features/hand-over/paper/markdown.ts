import { markdownTokens, type MarkdownToken } from '../../../markdown.ts';
import type { Face } from './fonts.ts';
import type { Span } from './words.ts';
import { INK, LEFT, QUIET, WIDTH, type Paper } from './paper.ts';
import { settable } from './signs.ts';
import { BODY, writeText } from './text.ts';

const INDENT = 18;
const BETWEEN = 8;

/** Somebody's words with their marks, as they stand on the petition's page. */
export function writeMarkdown(paper: Paper, text: string, lang: string): void {
  paper.within('Div', { lang }, () => {
    const lists: { next: number | null; y: number }[] = [];
    let depth = 0;
    let isQuoted = 0;
    let type = 'P';
    for (const token of markdownTokens(settable(text))) {
      const list = lists.at(-1);
      switch (token.type) {
        case 'heading_open':
          type = token.tag === 'h3' ? 'H3' : 'H4';
          break;
        case 'paragraph_open':
          type = 'P';
          break;
        case 'inline':
          writeInline(paper, type, token, { indent: depth * INDENT, isQuoted: isQuoted > 0 });
          break;
        case 'blockquote_open':
          paper.begin('BlockQuote');
          depth += 1;
          isQuoted += 1;
          break;
        case 'blockquote_close':
          paper.end();
          depth -= 1;
          isQuoted -= 1;
          break;
        case 'bullet_list_open':
        case 'ordered_list_open': {
          const isNumbered = token.type === 'ordered_list_open';
          paper.begin('L');
          lists.push({ next: isNumbered ? Number(token.attrGet('start') ?? 1) : null, y: 0 });
          depth += 1;
          break;
        }
        case 'bullet_list_close':
        case 'ordered_list_close':
          paper.end();
          lists.pop();
          depth -= 1;
          break;
        case 'list_item_open':
          if (list === undefined) break;
          paper.begin('LI');
          writeLabel(paper, list.next === null ? '•' : `${list.next}.`, (depth - 1) * INDENT);
          if (list.next !== null) list.next += 1;
          list.y = paper.y;
          paper.begin('LBody');
          break;
        case 'list_item_close':
          paper.end();
          paper.end();
          if (list?.y === paper.y) paper.y += BODY.leading; // nothing stands behind the label
          break;
      }
    }
  });
}

/** It stands where the first line of what it belongs to will be. */
export function writeLabel(paper: Paper, label: string, indent: number): void {
  const { size, leading } = BODY;
  paper.need(2 * leading);
  paper.within('Lbl', {}, () => {
    paper.mark('Lbl', () => {
      const y = paper.y + (leading + size * 0.72) / 2;
      paper.put(label, 'serif', size, LEFT + indent + 4, y, QUIET);
    });
  });
}

function writeInline(
  paper: Paper,
  type: string,
  token: MarkdownToken,
  { indent, isQuoted }: { indent: number; isQuoted: boolean },
): void {
  const at = { x: LEFT + indent, width: WIDTH - indent };
  if (type === 'P') {
    const spans = spansOf(token, { bold: false, italic: isQuoted });
    writeText(paper, 'P', spans, { ...BODY, ...at, colour: isQuoted ? QUIET : INK });
    paper.y += BETWEEN;
  } else {
    const size = type === 'H3' ? 12 : 10.5;
    paper.need(4 * BODY.leading);
    paper.y += 6;
    const spans = spansOf(token, { bold: true, italic: false });
    writeText(paper, type, spans, { size, leading: size * 1.4, ...at });
    paper.y += 3;
  }
}

interface Marks {
  bold: boolean;
  italic: boolean;
}

/** Behind the words of a link stands where it leads. */
function spansOf({ children }: MarkdownToken, marks: Marks): Span[] {
  const spans: Span[] = [];
  const open: (Partial<Marks> & { href?: string; from: number })[] = [];
  for (const token of children ?? []) {
    const marked = Object.assign({ ...marks }, ...open) as Marks & { href?: string };
    const add = (text: string, href = marked.href) =>
      spans.push({ text, href, face: faceOf(marked) });
    if (token.nesting > 0) {
      const bold = token.type === 'strong_open' && { bold: true };
      const italic = token.type === 'em_open' && { italic: true };
      const href = token.hidden ? null : token.attrGet('href');
      const link = href !== null && { href: String(href) };
      open.push({ from: spans.length, ...bold, ...italic, ...link });
    } else if (token.nesting < 0) {
      const closed = open.pop();
      if (closed?.href === undefined) continue;
      const words = spans.slice(closed.from).map(({ text }) => text);
      const address = closed.href.replace(/^mailto:/, '');
      if (words.join('') !== address) add(` (${address})`, closed.href);
    } else {
      add(token.type === 'text' ? token.content : '\n');
    }
  }
  return spans;
}

function faceOf({ bold, italic }: Marks): Face {
  if (bold) return italic ? 'serif_bold_italic' : 'serif_bold';
  return italic ? 'serif_italic' : 'serif';
}
