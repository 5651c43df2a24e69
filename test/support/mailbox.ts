import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { listMails, type ReceivedMail } from '../../src/mail/mailbox.ts';
import type { TestSite } from './site.ts';

const PATIENCE_MS = 15_000;

/** Waits until the development mailbox holds `number` mails to this address; oldest first. */
export async function mailsTo(
  site: Pick<TestSite, 'dataDir'>,
  address: string,
  number = 1,
): Promise<ReceivedMail[]> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const mails = await listMails(join(site.dataDir, 'mail'), 1000);
    const theirs = mails.filter(({ to }) => to === address).reverse();
    if (theirs.length >= number) return theirs;
    if (Date.now() > deadline) {
      throw new Error(`Only ${theirs.length} of ${number} mails to ${address} arrived`);
    }
    await sleep(25);
  }
}

export const confirmationLink = (mail: ReceivedMail): string => link(mail, /\/confirmation$/);

export const ownLink = (mail: ReceivedMail): string => link(mail, /\/signatures\/[\w-]+$/);

function link(mail: ReceivedMail, form: RegExp): string {
  const found = mail.links.find((address) => form.test(address));
  if (found === undefined) throw new Error(`The mail "${mail.subject}" has no such link`);
  return new URL(found).pathname;
}
