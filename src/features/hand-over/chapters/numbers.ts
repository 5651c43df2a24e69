import { sum, type Shares } from '../../statistics/statistics.ts';
import type { Contents } from '../contents.ts';
import type { Block } from '../paper/block.ts';
import type { Wording } from './wording.ts';

/** How many have signed, through whom, and from where, as finely as everybody may know. */
export function numbersOf(contents: Contents, { t, format }: Wording): Block[] {
  const { here, secret_count: secret, statistics } = contents;
  const { elsewhere, countries } = statistics;
  const quiet = (text: string): Block => ({ is: 'paragraph', text, quiet: true });
  return [
    { is: 'chapter', text: t('handover:numbers.heading') },
    {
      is: 'table',
      head: [t('statistics:sources.name'), t('statistics:signatures')],
      rows: [
        [t('statistics:sources.here'), format.number(here)],
        ...elsewhere.map(({ value, signatures }): [string, string] => [
          value,
          format.number(signatures),
        ]),
      ],
      sum: [t('statistics:sources.sum'), format.number(here + sum(elsewhere))],
    },
    ...(elsewhere.length === 0 ? [] : [quiet(t('handover:numbers.elsewhere'))]),
    ...(secret === 0 ? [] : [quiet(t('handover:numbers.secret', { count: secret }))]),
    ...countriesOf(countries, { t, format }),
  ];
}

function countriesOf(
  { shown, rest }: Shares,
  { t, format }: Pick<Wording, 't' | 'format'>,
): Block[] {
  if (shown.length === 0) return []; // of so few nothing can be told
  const rows = shown.map(({ value, signatures }): [string, string] => [
    format.country(value),
    format.number(signatures),
  ]);
  if (rest > 0) rows.push([t('statistics:countries.elsewhere'), format.number(rest)]);
  return [
    { is: 'heading', text: t('statistics:countries.heading') },
    { is: 'table', head: [t('statistics:countries.name'), t('statistics:signatures')], rows },
    { is: 'paragraph', text: t('statistics:countries.about'), quiet: true },
    { is: 'paragraph', text: t('handover:numbers.days'), quiet: true },
  ];
}
