/** A mail server that takes everything. After each MAILS it says how many came in a second. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

const number = Number(process.env.MAILS);
let taken = 0;
let begin = 0;
const sink = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  disableReverseLookup: true,
  onData(stream, _session, done) {
    stream.resume().once('end', () => {
      if (taken === 0) begin = performance.now();
      taken += 1;
      done();
      if (taken < number) return;
      console.log(`rate ${number / ((performance.now() - begin) / 1000)}`);
      taken = 0;
    });
  },
});
sink.on('error', () => undefined);
const listener = sink.listen(0, '127.0.0.1');
await once(listener, 'listening');
console.log(`open at smtp://127.0.0.1:${(listener.address() as AddressInfo).port}`);
