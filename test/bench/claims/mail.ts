import { randomBytes } from 'node:crypto';
import { deriveKeys } from '../../../src/crypto/keys.ts';
import { reported, ROUNDS, type Claim } from '../claim.ts';
import { alternate, run, start } from '../measure.ts';
import { pendingRows } from '../pending.ts';

/** With the warm-up 100,000 in all. */
const MAILS = 16_667;

export const mail: Claim = {
  name: 'mail',
  measure: async (newDatabase, stack) => {
    const url = await newDatabase(stack);
    const secret = randomBytes(32);
    const sink = await start(
      'test/bench/programs/smtp-sink.ts',
      { MAILS: String(MAILS) },
      stack,
      /open at (\S+)/,
    );
    const environment = {
      DATABASE_URL: url,
      SECRET_KEY: secret.toString('base64'),
      SMTP_URL: sink.line[1] ?? '',
      BASE_URL: 'http://localhost:3000',
      LOG_LEVEL: 'warn',
    };
    const taken = async () => Number((await sink.said(/^rate (\S+)/))[1]);
    const send = async () => {
      await using own = new AsyncDisposableStack();
      await pendingRows(url, MAILS, deriveKeys(secret));
      const rate = taken();
      await start('src/worker.ts', environment, own, /runs/);
      return await rate;
    };
    const flood = async () => {
      const [rate] = await Promise.all([
        taken(),
        run('smtp-flood.ts', { ...environment, MAILS: String(MAILS) }),
      ]);
      return rate;
    };
    const measured = await alternate(ROUNDS, send, flood);
    return [
      reported('confirmation mails, against what the mail server can take', 'mails/s')(measured),
    ];
  },
};
