import type { EChartsCoreOption } from 'echarts/core';
import type { Format } from '../../i18n/format.ts';
import { draw, TEXT_SIZE, type Size } from './drawing.ts';
import type { Period } from './statistics.ts';

/** Each chart is drawn twice: for wide windows and for phones. CSS shows one of them. */
const LAYOUTS = [
  { name: 'chart__wide', width: 640, height: 260, dates: 3 },
  { name: 'chart__slim', width: 320, height: 220, dates: 2 },
] as const;

type Layout = (typeof LAYOUTS)[number];

const twice = (drawOne: (layout: Layout) => string): string => LAYOUTS.map(drawOne).join('');

/** A number under a name. */
export interface Bar {
  name: string;
  signatures: number;
  /** The sum of those that are not named. */
  isRest: boolean;
}

const SERIES = { silent: true, emphasis: { disabled: true }, clip: false };
const TEXT = { color: 'var(--soft)', fontSize: TEXT_SIZE };
const NO_LINES = { axisTick: { show: false }, axisLine: { show: false } };

/** How many had signed by the end of each period: a line that ends in a light. */
export const drawTotal = (periods: readonly Period[], format: Format): string =>
  twice((layout) => {
    const totals = periods.map(({ total }) => total);
    return draw(layout.name, layout, {
      ...overTime(layout, periods, totals, format, false),
      series: [
        {
          ...SERIES,
          type: 'line',
          data: totals,
          symbol: 'none',
          lineStyle: { color: 'var(--blue)', width: 2.5 },
          areaStyle: { color: 'var(--wash)', opacity: 1 },
        },
        {
          ...SERIES,
          type: 'line',
          data: totals.map((value, n) => (n === totals.length - 1 ? value : '-')),
          symbol: 'circle',
          symbolSize: 12,
          showAllSymbol: true,
          itemStyle: { color: 'var(--yellow)', borderColor: 'var(--blue)', borderWidth: 2 },
        },
      ],
    });
  });

/** How many signed in each period. */
export const drawEach = (periods: readonly Period[], format: Format): string =>
  twice((layout) => {
    const values = periods.map(({ signatures }) => signatures);
    return draw(layout.name, layout, {
      ...overTime(layout, periods, values, format, true),
      series: {
        ...SERIES,
        type: 'bar',
        data: values.map((value) => (value === 0 ? '-' : value)), // which draws nothing
        barCategoryGap: periods.length > 60 ? '20%' : '30%',
        barMaxWidth: 40,
        itemStyle: { color: 'var(--blue)' },
      },
    });
  });

function overTime(
  layout: Layout,
  periods: readonly Period[],
  values: readonly number[],
  format: Format,
  boundaryGap: boolean,
): EChartsCoreOption {
  const date = new Intl.DateTimeFormat(format.tag, { dateStyle: 'medium' });
  const labels = periods.map(({ day }) => date.format(day));
  return axesOver(layout, labels, values, format, boundaryGap);
}

/** Room and axes for one value at each of these points of time, of which a few are labelled. */
export function axesOver(
  { dates }: Pick<Layout, 'dates'>,
  labels: readonly string[],
  values: readonly number[],
  format: Format,
  boundaryGap = true,
) {
  const last = labels.length - 1;
  const labelled = Array.from({ length: dates }, (_, n) => Math.round((last * n) / (dates - 1)));
  const longest = format.number(2 * Math.max(...values)).length; // the axis may end above them
  return {
    grid: { left: longest * 8 + 12, right: 8, top: 12, bottom: 30, outerBoundsMode: 'none' },
    xAxis: {
      type: 'category',
      boundaryGap,
      data: labels,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: 'var(--edge)' } },
      axisLabel: {
        ...TEXT,
        interval: (n: number) => labelled.includes(n),
        alignMinLabel: 'left',
        alignMaxLabel: 'right',
        showMinLabel: true,
        showMaxLabel: true,
      },
    },
    yAxis: {
      type: 'value',
      minInterval: 1,
      splitNumber: 3,
      splitLine: { lineStyle: { color: 'var(--line)' } },
      axisLabel: { ...TEXT, margin: 10, formatter: (value: number) => format.number(value) },
    },
  };
}

const ROW = 44;
const BAR = 8;

/** Each name above its bar, so that it may be as long as it likes, and the number at the end. */
export const drawBars = (bars: readonly Bar[], format: Format): string =>
  twice(({ name, width }) => {
    const size: Size = { width, height: bars.length * ROW };
    const axis = {
      type: 'category',
      inverse: true,
      splitLine: { show: false },
      ...NO_LINES,
    };
    const axisLabel = {
      inside: true,
      interval: 0,
      margin: 0,
      verticalAlign: 'bottom',
      padding: [0, 0, BAR + 2, 0],
    };
    return draw(name, size, {
      grid: { left: 0, right: 0, top: 0, bottom: 0, outerBoundsMode: 'none' },
      xAxis: { type: 'value', show: false, min: 0, max: 'dataMax' },
      yAxis: [
        { ...axis, data: bars.map((bar) => bar.name), axisLabel: { ...TEXT, ...axisLabel } },
        {
          ...axis,
          position: 'right',
          data: bars.map(({ signatures }) => format.number(signatures)),
          axisLabel: { ...TEXT, ...axisLabel, color: 'var(--ink)' },
        },
      ],
      series: {
        ...SERIES,
        type: 'bar',
        barWidth: BAR,
        barMinHeight: 2,
        showBackground: true,
        backgroundStyle: { color: 'var(--sunk)' },
        data: bars.map(({ signatures, isRest }) => ({
          value: signatures,
          itemStyle: { color: isRest ? 'var(--edge)' : 'var(--blue)' },
        })),
      },
    });
  });
