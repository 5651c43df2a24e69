import { addressAt } from './config.ts';
import { deriveKeys, secretKeyIn } from './crypto/keys.ts';
import { migrateDatabase, openDatabase } from './database.ts';
import { StartupError } from './errors.ts';
import { loadTranslations } from './i18n/load.ts';
import { runProcess } from './process.ts';
import { startWork } from './work.ts';

await runProcess(async (config, log, stack, signals) => {
  if (config.baseUrl === null && config.port === 0) {
    throw new StartupError('A worker needs BASE_URL or PORT: its mails link to the site.');
  }
  const baseUrl = config.baseUrl ?? addressAt(config.host, config.port);
  const urls = await openDatabase(config, log, stack, 'guest');
  await migrateDatabase(urls);
  const keys = deriveKeys(config.secretKey ?? (await secretKeyIn(config.dataDir)));
  const translations = await loadTranslations();
  await startWork(config, { databaseUrl: urls.direct, baseUrl, keys, translations }, log, stack);
  console.log('The worker runs.');
  await signals.end;
});
