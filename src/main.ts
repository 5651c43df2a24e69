import cluster from 'node:cluster';
import { runProcess } from './process.ts';
import { serveInPlace, startProcesses } from './processes.ts';
import { startSite } from './site.ts';

await runProcess(async (config, log, stack, signals) => {
  if (cluster.isWorker) return serveInPlace(config, log, stack, signals);
  const { baseUrl, mailboxUrl, firstAdminUrl } =
    config.webConcurrency > 1
      ? await startProcesses(config, log, stack, signals)
      : await startSite(config, log, stack);
  console.log(`Upprop is open at ${baseUrl}`);
  if (mailboxUrl !== null) console.log(`Its mails are read at ${mailboxUrl}`);
  if (firstAdminUrl !== null) console.log(`Its first admin begins at ${firstAdminUrl}`);
  await signals.end;
});
