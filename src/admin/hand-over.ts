import { rm } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { addressAt, type Config } from '../config.ts';
import { deriveKeys, secretKeyIn } from '../crypto/keys.ts';
import { StartupError } from '../errors.ts';
import { beginHandOver } from '../features/hand-over/actions.ts';
import { findFiles } from '../features/hand-over/contents.ts';
import { groupsOf } from '../features/hand-over/hand-over.ts';
import { makeHandOver } from '../features/hand-over/making.ts';
import { loadTranslations } from '../i18n/load.ts';
import { LOCALES, type Locale } from '../i18n/locales.ts';
import type { OpenDatabase } from './database.ts';
import { newFile } from './new-file.ts';
import { refuse } from './sentences.ts';
import { requireFound } from './store.ts';

interface Options {
  language: Locale;
  names?: boolean;
  export?: string;
}

/** The document for the recipient of a petition, as an admin may make it on the site. */
export const handOverCommand = (
  open: OpenDatabase,
  config: Config,
  stack: AsyncDisposableStack,
): Command =>
  new Command('hand-over')
    .description('writes the document for the recipient of a petition into a new file, as PDF')
    .argument('<slug>')
    .argument('<file>', 'where there is none yet; only you may read it')
    .addOption(new Option('--language <language>').choices(LOCALES).makeOptionMandatory())
    .option('--names', 'with the names that everybody may see')
    .option('--export <id>', 'tells the checksum of this export, which was fetched to its end')
    .action(async (slug: string, file: string, options: Options) => {
      const db = await open();
      const petition = await requireFound(db, slug);
      const export_id = options.export ?? null;
      const files = await findFiles(db, petition.id);
      if (export_id !== null && !files.some(({ id }) => id === export_id)) {
        const known = files.map(({ id }) => id).join(', ') || 'none';
        throw new StartupError(`Exports of "${slug}" that were fetched to their end: ${known}.`);
      }
      const services = {
        db,
        keys: deriveKeys(config.secretKey ?? (await secretKeyIn(config.dataDir))),
        translations: await loadTranslations(),
        baseUrl: config.baseUrl ?? addressAt(config.host, config.port),
      };
      const { language, names: with_names = false } = options;
      const to = await newFile(file);
      let isComplete = false;
      stack.defer(async () => {
        if (!isComplete) await rm(file, { force: true }); // a part of it is of no use to anybody
      });
      const request = { language, with_names, export_id };
      const running = await beginHandOver(services, null, petition, request).catch(
        refuse('Too many documents are being made. Try again in a few minutes.'),
      );
      const stream = to.createWriteStream({ flush: true });
      const written = await makeHandOver(services, petition, running, stream);
      isComplete = true;
      console.log(`${written.names} names, ${written.bytes} bytes`);
      console.log(`SHA-256 ${groupsOf(written.sha256).join(' ')}`);
    });
