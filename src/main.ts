import cluster from 'node:cluster';
import { runProcess } from './process.ts';
import { serveInPlace, startProcesses } from './processes.ts';
import { startSite } from './site.ts';

await runProcess(async (config, log, stack, signals) => {
  if (cluster.isWorker) return serveInPlace(config, log, stack, signals);
  const start = config.webConcurrency > 1 ? startProcesses : startSite;
  const { baseUrl, mailboxUrl } = await start(config, log, stack, signals);
  console.log(`Upprop is open at ${baseUrl}`);
  if (mailboxUrl !== null) console.log(`Its mails are read at ${mailboxUrl}`);
  await signals.end;
});
