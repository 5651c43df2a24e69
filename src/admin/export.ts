import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { addressAt, type Config } from '../config.ts';
import { deriveKeys, secretKeyIn } from '../crypto/keys.ts';
import { StartupError } from '../errors.ts';
import { beginExport, makeExport } from '../features/exports/actions.ts';
import {
  COLUMNS,
  FORMATS,
  LISTED_VISIBILITIES,
  USUAL_COLUMNS,
  type Column,
  type ExportRequest,
} from '../features/exports/export.ts';
import { inOrder } from '../features/exports/schema.ts';
import { writeExport } from '../features/exports/writing.ts';
import { COUNTRY_CODES } from '../i18n/format.ts';
import { LOCALES } from '../i18n/locales.ts';
import { readDay } from './arguments.ts';
import type { OpenDatabase } from './database.ts';
import { newFile } from './new-file.ts';
import { refuse } from './sentences.ts';
import { requireFound } from './store.ts';

interface Options extends Partial<
  Pick<ExportRequest, 'country' | 'language' | 'visibility' | 'format'>
> {
  format: ExportRequest['format'];
  columns: Column[];
  bom?: boolean;
  from?: Temporal.PlainDate;
  to?: Temporal.PlainDate;
}

/** A file of a petition's signatures, as an admin may fetch it from the site. */
export const exportCommand = (
  open: OpenDatabase,
  config: Config,
  stack: AsyncDisposableStack,
): Command =>
  new Command('export')
    .description('writes the signatures of a petition, but no secret ones, into a new file')
    .argument('<slug>')
    .argument('<file>', 'where there is none yet; only you may read it')
    .addOption(new Option('--format <format>').choices(FORMATS).default('csv'))
    .option('--columns <columns>', COLUMNS.join(','), readColumns, [...USUAL_COLUMNS])
    .option('--from <day>', 'confirmed on this day or later', readDay)
    .option('--to <day>', 'confirmed on this day or before', readDay)
    .option('--country <code>', 'such as SE', readCountry)
    .addOption(new Option('--language <language>').choices(LOCALES))
    .addOption(new Option('--visibility <visibility>').choices(LISTED_VISIBILITIES))
    .option('--bom', 'marks a CSV as UTF-8, for Excel')
    .action(async (slug: string, file: string, options: Options) => {
      const request = requestOf(options);
      if (!inOrder(request)) throw new StartupError('The period ends before it begins.');
      const db = await open();
      const petition = await requireFound(db, slug);
      const services = {
        db,
        keys: deriveKeys(config.secretKey ?? (await secretKeyIn(config.dataDir))),
        baseUrl: config.baseUrl ?? addressAt(config.host, config.port),
      };
      const to = await newFile(file);
      let isComplete = false;
      stack.defer(async () => {
        if (!isComplete) await rm(file, { force: true }); // a part of it is of no use to anybody
      });
      const made = await makeExport(services, null, petition, randomUUID(), request);
      const running = await beginExport(services, null, petition, made).catch(
        refuse('Too many exports are running. Try again in a few minutes.'),
      );
      const written = await writeExport(services, running, to.createWriteStream({ flush: true }));
      isComplete = true;
      console.log(`${written.rows} rows, ${written.bytes} bytes`);
      console.log(`${made.secret_count} secret signatures of the petition are not in it`);
      console.log(`SHA-256 ${written.sha256}`);
    });

const requestOf = (options: Options): ExportRequest => ({
  format: options.format,
  with_bom: options.bom ?? false,
  columns: options.columns,
  from_day: options.from ?? null,
  to_day: options.to ?? null,
  country: options.country ?? null,
  language: options.language ?? null,
  visibility: options.visibility ?? null,
});

/** In the order of the columns, each once. */
function readColumns(text: string): Column[] {
  const named = text.split(',').map((name) => name.trim());
  const unknown = named.filter((name) => !COLUMNS.includes(name as Column));
  if (unknown.length > 0) throw new InvalidArgumentError(`Columns are: ${COLUMNS.join(', ')}.`);
  return COLUMNS.filter((column) => named.includes(column));
}

function readCountry(text: string): string {
  const code = text.toUpperCase();
  if (COUNTRY_CODES.has(code)) return code;
  throw new InvalidArgumentError('A country is named by two letters, such as SE.');
}
