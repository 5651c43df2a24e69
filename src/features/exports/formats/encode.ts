import type { Export, Format } from '../export.ts';
import type { Row } from '../rows.ts';
import { csv } from './csv.ts';
import { jsonLines } from './json-lines.ts';
import { xlsx } from './xlsx.ts';

export const MEDIA_TYPES: Record<Format, string> = {
  csv: 'text/csv; charset=utf-8; header=present',
  jsonl: 'application/jsonl; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** The bytes of a file, made as they are taken. */
export function encode(
  found: Pick<Export, 'format' | 'columns' | 'with_bom'>,
  rows: AsyncIterable<Row[]>,
): AsyncIterable<Uint8Array> {
  switch (found.format) {
    case 'csv':
      return csv(rows, found.columns, found);
    case 'jsonl':
      return jsonLines(rows, found.columns);
    case 'xlsx':
      return xlsx(rows, found.columns);
  }
}
