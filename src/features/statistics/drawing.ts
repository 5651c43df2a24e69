import { init, setPlatformAPI, use, type EChartsCoreOption } from 'echarts/core';
import { BarChart, LineChart, MapChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { SVGRenderer } from 'echarts/renderers';

use([BarChart, LineChart, MapChart, GridComponent, SVGRenderer]);

export interface Size {
  width: number;
  height: number;
}

/** The size of text in a drawing; `.chart text` in site.css says the same. */
export const TEXT_SIZE = 14;

// Without a browser nobody knows how wide a text will be, and ECharts would take Cyrillic letters
// for squares. The width of a single sign is its height of a line.
setPlatformAPI({
  measureText: (text) => ({ width: TEXT_SIZE * Math.max(1, text.length * 0.52) }),
});

/** What the shapes need to look the same. Colours are names of CSS, such as `var(--blue)`. */
const KEPT = new Set(['d', 'fill', 'stroke', 'stroke-width', 'x', 'y', 'transform']);
const KEPT_OF_TEXT = new Set([...KEPT, 'text-anchor', 'dominant-baseline']);

/** Draws without a browser: one SVG element of that class, as wide as its place. */
export function draw(className: string, { width, height }: Size, option: EChartsCoreOption) {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({ animation: false, ...option });
    const shapes = cleaned(chart.renderToSVGString());
    return `<svg class="${className}" viewBox="0 0 ${width} ${height}">${shapes}</svg>`;
  } finally {
    chart.dispose();
  }
}

/**
 * The shapes and texts of a drawing. ECharts writes style elements, style attributes and names of
 * its own, which the Content-Security-Policy forbids or nobody reads: only the attributes named
 * above are left. Texts have no quotation marks in them by then, they are escaped. Coordinates
 * lose what no eye can see.
 */
function cleaned(svg: string): string {
  return svg
    .replace(/^<svg[^>]*>|<\/svg>$/g, '')
    .replace(/<(style|defs)\b[^]*?<\/\1>/g, '')
    .replace(/<rect [^>]*fill="none"[^>]*><\/rect>/, '')
    .replace(/ ([\w:-]+)="([^"]*)"(?=[^<>]*>)/g, (attribute, name: string, value: string) => {
      if (!KEPT_OF_TEXT.has(name)) return '';
      if (name === 'text-anchor' && value === 'start') return '';
      return KEPT.has(name) ? ` ${name}="${rounded(value)}"` : attribute;
    })
    .replaceAll('></path>', '/>')
    .replaceAll('\n', '');
}

const rounded = (value: string): string =>
  value.replace(/\d+\.\d+/g, (number) => String(Math.round(Number(number) * 10) / 10));
