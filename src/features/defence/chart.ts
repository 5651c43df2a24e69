import type { Format } from '../../i18n/format.ts';
import { TIME_ZONE } from '../../today.ts';
import { draw, TEXT_SIZE } from '../statistics/drawing.ts';
import { momentOf, type HourCount } from './bursts.ts';

/** For wide windows and for phones; CSS shows one of them. */
const LAYOUTS = [
  { name: 'chart__wide', width: 640, height: 220, dates: 3 },
  { name: 'chart__slim', width: 320, height: 180, dates: 2 },
] as const;

const TEXT = { color: 'var(--soft)', fontSize: TEXT_SIZE };

/** How many signed in each hour; the bursts stand out by their colour. */
export function drawHours(
  hours: readonly HourCount[],
  bursts: ReadonlySet<string>,
  format: Format,
): string {
  const last = hours.length - 1;
  const day = new Intl.DateTimeFormat(format.tag, {
    day: 'numeric',
    month: 'short',
    timeZone: TIME_ZONE,
  });
  const longest = format.number(2 * Math.max(...hours.map(({ signatures }) => signatures))).length;
  return LAYOUTS.map(({ name, width, height, dates }) => {
    const labelled = Array.from({ length: dates }, (_, n) => Math.round((last * n) / (dates - 1)));
    return draw(
      name,
      { width, height },
      {
        grid: { left: longest * 8 + 12, right: 8, top: 12, bottom: 30, outerBoundsMode: 'none' },
        xAxis: {
          type: 'category',
          data: hours.map(({ hour }) => day.format(momentOf(hour))),
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
        series: {
          type: 'bar',
          silent: true,
          emphasis: { disabled: true },
          barCategoryGap: '10%',
          barMaxWidth: 24,
          data: hours.map(({ hour, signatures }) =>
            signatures === 0
              ? '-' // which draws nothing
              : {
                  value: signatures,
                  itemStyle: { color: bursts.has(hour) ? 'var(--bad)' : 'var(--blue)' },
                },
          ),
        },
      },
    );
  }).join('');
}
