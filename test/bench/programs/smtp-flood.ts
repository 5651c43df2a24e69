/** What the mail server can take: one mail again and again, on as many connections as the site has. */
import { connect } from 'node:net';
import { SMTP_CONNECTIONS } from '../../../src/mail/mailer.ts';

const { hostname, port } = new URL(process.env.SMTP_URL ?? '');
const number = Number(process.env.MAILS);
const message = `Subject: A mail\r\n\r\n${'A line of a mail, as long as most of them.\r\n'.repeat(60)}.\r\n`;
const steps = ['MAIL FROM:<a@example.org>\r\n', 'RCPT TO:<b@example.org>\r\n', 'DATA\r\n', message];

let begun = 0;

function flood(): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const socket = connect(Number(port), hostname).once('error', reject).setNoDelay();
  let step = -2; // the greeting and the answer to EHLO come first
  socket.on('data', (bytes: Buffer) => {
    // The last line of an answer has a space behind its code.
    if (!/^\d{3} .*\r\n$/m.test(bytes.toString())) return;
    step += 1;
    if (step === steps.length) step = 0;
    if (step === 0) begun += 1;
    if (step === 0 && begun > number) {
      socket.end('QUIT\r\n');
      resolve(undefined);
    } else socket.write(step === -1 ? 'EHLO localhost\r\n' : (steps[step] ?? ''));
  });
  return promise;
}

const begin = performance.now();
await Promise.all(Array.from({ length: SMTP_CONNECTIONS }, flood));
console.log(JSON.stringify({ rate: number / ((performance.now() - begin) / 1000) }));
process.exit();
