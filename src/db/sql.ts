import { createHash } from 'node:crypto';
import type { QueryResult } from 'pg';
import { z } from 'zod';
import { asAppError } from './outage.ts';

/** A pool, or the one client a transaction runs on: what stores need of either. */
export interface Db {
  query: (statement: { name: string; text: string; values: unknown[] }) => Promise<QueryResult>;
}

/**
 * sql`… WHERE id = ${id}`: what is interpolated becomes a $n parameter, never text. Another sql`…`
 * may be interpolated too; its text and parameters become part of the whole.
 */
export function sql(strings: TemplateStringsArray, ...values: unknown[]): Query {
  const [first = '', ...rest] = strings;
  const parts = rest.flatMap((text, n) => {
    const value = values[n];
    return [...(value instanceof Query ? value.parts : [{ value }]), { text }];
  });
  return new Query([{ text: first }, ...parts]);
}

type Part = { text: string } | { value: unknown };

/** A `date` column: pg hands it over as text, so that no time zone can shift it. */
export const day = z.string().transform((text) => Temporal.PlainDate.from(text));

/** A `bigint` that stays far below 2^53: a count. */
export const count = z.coerce.number().int();

export class Query {
  readonly parts: readonly Part[];
  readonly text: string;
  readonly values: unknown[] = [];

  constructor(parts: readonly Part[]) {
    this.parts = parts;
    this.text = parts
      .map((part) => ('text' in part ? part.text : `$${this.values.push(parameter(part.value))}`))
      .join('');
  }

  async many<S extends z.ZodType>(db: Db, row: S): Promise<z.output<S>[]> {
    const { rows } = await this.run(db);
    return rows.map((found) => row.parse(found));
  }

  async maybeOne<S extends z.ZodType>(db: Db, row: S): Promise<z.output<S> | null> {
    const rows = await this.many(db, row);
    if (rows.length > 1) throw new Error(`Expected at most one row, got ${rows.length}`);
    return rows[0] ?? null;
  }

  async one<S extends z.ZodType>(db: Db, row: S): Promise<z.output<S>> {
    const found = await this.maybeOne(db, row);
    if (found === null) throw new Error('Expected one row, got none');
    return found;
  }

  /** Throws AppError `unavailable` when the database cannot be reached. */
  async run(db: Db): Promise<QueryResult> {
    try {
      const { text, values } = this;
      return await db.query({ text, values, name: nameOf(text) });
    } catch (error) {
      throw asAppError(error);
    }
  }
}

const parameter = (value: unknown): unknown =>
  value instanceof Temporal.PlainDate ? value.toString() : value;

const names = new Map<string, string>();

/** Each connection prepares a statement once, under a name that its text gives it. */
function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined) {
    name = createHash('sha256').update(text).digest('base64url');
    names.set(text, name);
  }
  return name;
}
