import { stringify, type Options } from 'csv-stringify/sync';
import type { Column } from '../export.ts';
import type { Row } from '../rows.ts';

/**
 * RFC 4180. What may begin like a formula, which a spreadsheet would calculate, begins with an
 * apostrophe instead. Quoted where it has to be.
 */
const OPTIONS: Options = {
  record_delimiter: 'windows',
  escape_formulas: true,
  quoted_match: /[;\t\r\n]/,
};

export async function* csv(
  rows: AsyncIterable<Row[]>,
  columns: readonly Column[],
  { with_bom }: { with_bom: boolean },
): AsyncGenerator<Buffer> {
  yield Buffer.from(`${with_bom ? '\ufeff' : ''}${stringify([[...columns]], OPTIONS)}`);
  for await (const some of rows) {
    yield Buffer.from(
      stringify(
        some.map((row) => row.map(harmless)),
        OPTIONS,
      ),
    );
  }
}

/**
 * Where a spreadsheet that divides at semicolons or tabs, as Swedish ones do, begins another cell:
 * it heeds quotes only where a cell begins, and to it these cells begin elsewhere.
 */
const INNER_FORMULA = /(?<=[;\t\r\n])(?=[\s"]*[=+\-@＝＋－＠])/g;

/** Many programs take NUL for the end of the text. */
const harmless = (value: Row[number]): Row[number] =>
  typeof value === 'string'
    ? value.replaceAll('\0', '\ufffd').replaceAll(INNER_FORMULA, "'")
    : value;
