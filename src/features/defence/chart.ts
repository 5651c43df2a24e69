import type { Format } from '../../i18n/format.ts';
import { TIME_ZONE } from '../../today.ts';
import { draw } from '../statistics/drawing.ts';
import { axesOver } from '../statistics/plots.ts';
import { momentOf, type HourCount } from './bursts.ts';

/** For wide windows and for phones; CSS shows one of them. */
const LAYOUTS = [
  { name: 'chart__wide', width: 640, height: 220, dates: 3 },
  { name: 'chart__slim', width: 320, height: 180, dates: 2 },
] as const;

/** How many signed in each hour; the bursts stand out by their colour. */
export function drawHours(
  hours: readonly HourCount[],
  bursts: ReadonlySet<string>,
  format: Format,
): string {
  const day = new Intl.DateTimeFormat(format.tag, {
    day: 'numeric',
    month: 'short',
    timeZone: TIME_ZONE,
  });
  const labels = hours.map(({ hour }) => day.format(momentOf(hour)));
  const values = hours.map(({ signatures }) => signatures);
  return LAYOUTS.map(({ name, width, height, dates }) =>
    draw(
      name,
      { width, height },
      {
        ...axesOver({ dates }, labels, values, format),
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
    ),
  ).join('');
}
