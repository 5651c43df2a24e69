import type { Shares, Statistics } from './statistics.ts';

type Line = [kind: string, value: string, signatures: number];

/** The statistics as CSV (RFC 4180). */
export function statisticsFile({ here, days, countries, languages, elsewhere }: Statistics) {
  const lines: Line[] = [
    ...days.map(({ day, signatures }): Line => ['day', day.toString(), signatures]),
    ...linesOf('country', countries, 'other'),
    ...linesOf('language', languages, 'other'),
    ['here', '', here],
    ...elsewhere.map(({ value, signatures }): Line => ['elsewhere', value, signatures]),
  ];
  return [['kind', 'value', 'signatures'], ...lines]
    .map((line) => `${line.map((field) => fieldOf(String(field))).join(',')}\r\n`)
    .join('');
}

const linesOf = (kind: string, { shown, rest }: Shares, restName: string): Line[] => [
  ...shown.map(({ value, signatures }): Line => [kind, value, signatures]),
  ...(rest > 0 ? [[kind, restName, rest] satisfies Line] : []),
];

/**
 * Quoted where it has to be, also for spreadsheets that divide at semicolons. What somebody wrote may begin like a formula, which a spreadsheet
 * would calculate: an apostrophe makes it text.
 */
function fieldOf(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
