import { writeXlsxStream } from 'hucre/xlsx';
import type { Column } from '../export.ts';
import type { Row } from '../rows.ts';

/** What XML cannot hold. */
// eslint-disable-next-line no-control-regex -- these very characters are looked for
const NOT_XML = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

/**
 * A workbook of Excel: text stays text there, whatever it begins with. It goes on on another sheet
 * where the rows are more than one can hold.
 */
export const xlsx = (
  rows: AsyncIterable<Row[]>,
  columns: readonly Column[],
): AsyncIterable<Uint8Array> =>
  writeXlsxStream(cells(rows), {
    name: 'Signatures',
    columns: columns.map((header) => ({ header })),
    freezePane: { rows: 1 },
  });

async function* cells(rows: AsyncIterable<Row[]>): AsyncGenerator<Row> {
  for await (const some of rows) {
    for (const row of some) yield row.map(readable);
  }
}

/** What a workbook takes for the number of a character. */
const NUMBERED = /_(?=x[\da-f]{4}_)/gi;

const readable = (value: Row[number]): Row[number] =>
  typeof value === 'string'
    ? value.toWellFormed().replaceAll(NOT_XML, '\ufffd').replaceAll(NUMBERED, '_x005F_')
    : value;
