import { linesOf, type Line } from './lines.ts';
import { LEFT, QUIET, WIDTH, type Paper } from './paper.ts';

const SIZE = 8;
const HEAD_Y = 56;
const FOOT_Y = 800;

/** The same as QUIET, as PDF says it. */
const QUIET_FILL = '0.333 0.345 0.373 rg';

export interface Furniture {
  /** On the page that has begun. */
  draw: () => void;
  /** When there will be no more pages. */
  finish: () => void;
}

/**
 * What stands on every page: the title, and "3 / 12". How many pages there are is drawn once, at the
 * end, and is only referred to before: so no page has to be kept until then.
 */
export function createFurniture(paper: Paper, title: string): Furniture {
  const { doc, fonts } = paper;
  const head = shortened(title, paper);
  const total = doc.ref({ Type: 'XObject', Subtype: 'Form', FormType: 1, BBox: [0, -4, 80, SIZE] });
  return {
    draw() {
      paper.aside(() => {
        for (const { text, face, x } of head) paper.put(text, face, SIZE, LEFT + x, HEAD_Y, QUIET);
        paper.rule(HEAD_Y + 7, 0.5);
        const number = `${paper.pages} / `;
        paper.put(number, 'sans', SIZE, LEFT, FOOT_Y, QUIET);
        const x = LEFT + fonts.use('sans', SIZE).widthOfString(number, SIZE);
        (doc.page.xobjects as Record<string, unknown>).Total = total;
        doc.addContent(`q 1 0 0 -1 ${x} ${FOOT_Y} cm /Total Do Q`);
      }, 'Pagination');
    },
    finish() {
      const font = fonts.use('sans', SIZE);
      const [glyphs] = font.encode(String(paper.pages));
      Object.assign(total.data, { Resources: { Font: { [font.id]: font.ref() } } });
      total.end(`${QUIET_FILL} BT /${font.id} ${SIZE} Tf <${glyphs.join('')}> Tj ET`);
    },
  };
}

/** As much of the title as has room. */
function shortened(title: string, { fonts }: Paper): Line {
  const setting = { fonts, size: SIZE, width: WIDTH - SIZE };
  const [first = [], ...more] = linesOf([{ text: title, face: 'sans' }], setting);
  const last = first.at(-1);
  if (more.length > 0 && last !== undefined) last.text = `${last.text.trimEnd()}…`;
  return first;
}
