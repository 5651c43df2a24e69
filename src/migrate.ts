import { migrateDatabase, openDatabase } from './database.ts';
import { runProcess } from './process.ts';

await runProcess(async (config, log, stack) => {
  await migrateDatabase(await openDatabase(config, log, stack, 'guest'));
  console.log('The database is up to date.');
});
