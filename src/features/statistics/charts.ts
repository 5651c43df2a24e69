import { setImmediate as turn } from 'node:timers/promises';
import type { Format } from '../../i18n/format.ts';
import type { Translate } from '../../i18n/load.ts';
import { drawMap, stepsOf, type MapStep } from './map.ts';
import { drawBars, drawEach, drawTotal, type Bar } from './plots.ts';
import { peakOf, periodsOf, type Period, type Shares, type Statistics } from './statistics.ts';

/** A chart of more countries than these is no longer read; the table has all. */
const MOST_COUNTRIES = 15;

/** Numbers and their drawings, which are '' where there is too little to draw. */
interface OfNames {
  bars: Bar[];
  drawing: string;
}

export interface Growth {
  unit: 'day' | 'week';
  periods: Period[];
  /** The one with the most signatures. */
  peak: Period;
  each: string;
}

export interface Charts {
  time: {
    unit: 'day' | 'week';
    periods: Period[];
    /** The one with the most signatures. */
    peak: Period | undefined;
    total: string;
    each: string;
  };
  countries: OfNames & {
    /** How many of them have a bar: the first ones. */
    drawn: number;
    map: string;
    steps: MapStep[];
  };
  languages: OfNames;
}

/** The statistics with their drawings, in one language. Others get their turn between two of them. */
export async function chartsOf(
  statistics: Statistics,
  format: Format,
  t: Translate,
): Promise<Charts> {
  const { unit, periods } = periodsOf(statistics.days);
  const countries = barsOf(
    statistics.countries,
    (code) => format.country(code),
    t('statistics:countries.elsewhere'),
  );
  const drawn = countries.slice(0, MOST_COUNTRIES);
  const languages = barsOf(
    statistics.languages,
    (language) => t(`statistics:languages.names.${language}`),
    t('statistics:languages.other'),
  );
  const drawings: string[] = [];
  for (const [isEnough, drawOne] of [
    [periods.length > 1, () => drawTotal(periods, format)],
    [periods.length > 1, () => drawEach(periods, format)],
    [countries.length > 0, () => drawMap(statistics.countries.shown)],
    [countries.length > 0, () => drawBars(drawn, format)],
    [languages.length > 0, () => drawBars(languages, format)],
  ] as const) {
    await turn();
    drawings.push(isEnough ? drawOne() : '');
  }
  const [total = '', each = '', map = '', countryBars = '', languageBars = ''] = drawings;
  const steps = stepsOf(statistics.countries.shown);
  return {
    time: { unit, periods, peak: peakOf(periods), total, each },
    countries: { bars: countries, drawing: countryBars, drawn: drawn.length, map, steps },
    languages: { bars: languages, drawing: languageBars },
  };
}

/** Only how it went day by day, or null where too few have signed. */
export function growthOf({ days }: Statistics, format: Format): Growth | null {
  const { unit, periods } = periodsOf(days);
  const peak = peakOf(periods);
  if (peak === undefined) return null;
  return { unit, periods, peak, each: periods.length > 1 ? drawEach(periods, format) : '' };
}

/** Nothing at all when nothing can be named. */
function barsOf(
  { shown, rest }: Shares,
  nameOf: (value: string) => string,
  restName: string,
): Bar[] {
  if (shown.length === 0) return [];
  const named = shown.map(({ value, signatures }) => ({
    name: nameOf(value),
    signatures,
    isRest: false,
  }));
  return rest > 0 ? [...named, { name: restName, signatures: rest, isRest: true }] : named;
}
