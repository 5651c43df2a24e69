import { runProcess } from './process.ts';
import { startSite } from './site.ts';

await runProcess(
  async (config, log, stack) => {
    const { baseUrl, mailboxUrl } = await startSite(config, log, stack);
    console.log(`Upprop is open at ${baseUrl}`);
    if (mailboxUrl !== null) console.log(`Its mails are read at ${mailboxUrl}`);
  },
  { daemon: true },
);
