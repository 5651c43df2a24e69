import type { Column } from '../export.ts';
import type { Row } from '../rows.ts';

/** One object of JSON on each line. */
export async function* jsonLines(
  rows: AsyncIterable<Row[]>,
  columns: readonly Column[],
): AsyncGenerator<Buffer> {
  for await (const some of rows) {
    const lines = some.map((row) => {
      const object = Object.fromEntries(columns.map((column, n) => [column, row[n]]));
      return `${JSON.stringify(object)}\n`;
    });
    yield Buffer.from(lines.join(''));
  }
}
