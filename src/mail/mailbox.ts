import { randomBytes } from 'node:crypto';
import { mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime from 'postal-mime';

/** A mail of the development mailbox. */
export interface ReceivedMail {
  id: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  links: string[];
}

/** Writes one `.eml` file; nobody sees it before it is whole. */
export async function saveMail(folder: string, raw: Buffer): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const name = `${Date.now()}-${randomBytes(4).toString('hex')}`;
  await writeFile(join(folder, `.${name}`), raw, { mode: 0o600 });
  await rename(join(folder, `.${name}`), join(folder, `${name}.eml`));
}

/** The latest mails, newest first. */
export async function listMails(folder: string, limit: number): Promise<ReceivedMail[]> {
  const files = await readdir(folder).catch(() => []);
  const ids = files.filter((file) => /^\d+-[0-9a-f]{8}\.eml$/.test(file)).sort();
  return Promise.all(
    ids
      .reverse()
      .slice(0, limit)
      .map((file) => readMail(folder, file.replace(/\.eml$/, ''))),
  );
}

async function readMail(folder: string, id: string): Promise<ReceivedMail> {
  const mail = await PostalMime.parse(await readFile(join(folder, `${id}.eml`)));
  const text = mail.text ?? '';
  return {
    id,
    to: mail.to?.[0]?.address ?? '',
    subject: mail.subject ?? '',
    text,
    html: mail.html ?? '',
    links: text.match(/https?:\/\/\S+/g) ?? [],
  };
}
