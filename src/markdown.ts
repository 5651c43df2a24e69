import MarkdownIt from 'markdown-it';

/** Quotes and lists within each other: what lies deeper is shown as it was typed. */
const DEEPEST_BLOCK = 6;
/** Emphasis within emphasis, of which only so much can be seen anyway. */
const DEEPEST_MARK = 4;

const FOLLOWED = /^(?:https?:\/\/|mailto:)[^\s/]/i;
/** We vouch for nothing, and tell nobody where a reader came from. */
const REL = 'nofollow ugc noreferrer';

type Block = Parameters<typeof markdown.block.ruler.push>[1];
type Core = Parameters<typeof markdown.core.ruler.push>[1];
type Tokens = ReturnType<typeof markdown.parse>;

const markdown = new MarkdownIt('zero', { html: false, breaks: true });

/**
 * Words of somebody who may mark them, as HTML that is safe to print raw: paragraphs, emphasis,
 * lists, quotes, links to the web and to addresses of mail, and headings below those of a page.
 * Whatever else is written, HTML too, is shown as it is.
 */
export const renderMarkdown = (text: string): string => markdown.render(text);

export type MarkdownToken = Tokens[number];

/** The same as a stream of tokens, for what is not HTML. */
export const markdownTokens = (text: string): MarkdownToken[] => markdown.parse(text, {});

/** The words of the first paragraph, on one line and without its marks; '' where there is none. */
export function openingWords(text: string): string {
  const tokens: Tokens = markdown.parse(text, {});
  const first = tokens.find((_, n) => tokens[n - 1]?.type === 'paragraph_open');
  const words = first?.children?.map(({ type, content }) => (isBreak(type) ? ' ' : content));
  return words?.join('') ?? '';
}

const isBreak = (type: string): boolean => type === 'softbreak' || type === 'hardbreak';

const asTyped: Block = (state, from, end, silent) => {
  if (silent || state.level < DEEPEST_BLOCK) return false;
  let to = from + 1;
  while (to < end && !state.isEmpty(to)) to += 1;
  state.line = to;
  state.push('paragraph_open', 'p', 1);
  const words = state.push('inline', '', 0);
  words.content = state.getLines(from, to, state.blkIndent, false).trim();
  words.children = [];
  state.push('paragraph_close', 'p', -1);
  return true;
};

/** The first heading is of the third level; only below one of those there is a fourth. */
const levelHeadings: Core = ({ tokens }) => {
  let hasThird = false;
  let tag = '';
  for (const [n, token] of tokens.entries()) {
    if (token.type === 'heading_open') {
      tag = token.markup.length > 2 && hasThird ? 'h4' : 'h3';
      hasThird ||= tokens[n + 1]?.content !== '';
    } else if (token.type !== 'heading_close') continue;
    token.tag = tag;
    token.hidden = tokens[n + (token.nesting > 0 ? 1 : -1)]?.content === '';
  }
};

/** Links keep their address alone; those without one, and marks that lie too deep, go. */
const tidyMarks: Core = ({ tokens }) => {
  for (const { children } of tokens) {
    const open: boolean[] = []; // of each mark, whether it is shown
    for (const token of children ?? []) {
      if (token.nesting < 0) token.hidden = !open.pop();
      if (token.nesting <= 0) continue;
      const href = token.attrGet('href');
      const isShown = open.length < DEEPEST_MARK && href !== '';
      if (href !== null) {
        token.attrs = [
          ['href', href],
          ['rel', REL],
        ];
      }
      token.hidden = !isShown;
      open.push(isShown);
    }
  }
};

markdown.enable(['heading', 'list', 'blockquote', 'newline', 'escape', 'emphasis', 'link']);
markdown.validateLink = (href) => FOLLOWED.test(href);
markdown.block.ruler.before('blockquote', 'as_typed', asTyped);
markdown.core.ruler.push('level_headings', levelHeadings);
markdown.core.ruler.push('tidy_marks', tidyMarks);
markdown.renderer.rules.softbreak = markdown.renderer.rules.hardbreak = () => '<br>';
