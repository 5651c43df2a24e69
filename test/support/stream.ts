import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { eventually } from './eventually.ts';

/** A reader of server-sent events. */
export interface Reader {
  status: number;
  headers: IncomingMessage['headers'];
  /** All that has come so far. */
  text: () => string;
  /** Waits for this event. */
  hears: (data: string) => Promise<unknown>;
  /** Whether the server ended the stream properly, or the connection broke. */
  ended: Promise<'properly' | 'broken'>;
  leave: () => void;
}

export async function openStream(
  { url }: { url: string },
  path: string,
  { headers = {}, method = 'GET' }: { headers?: Record<string, string>; method?: string } = {},
): Promise<Reader> {
  const asked = request(new URL(path, url), { agent: false, headers, method }).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  const { promise: ended, resolve } = Promise.withResolvers<'properly' | 'broken'>();
  let text = '';
  answer.on('data', (bytes: Buffer) => (text += bytes.toString()));
  answer.on('error', () => undefined);
  answer.once('close', () => {
    resolve(answer.complete ? 'properly' : 'broken');
  });
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    text: () => text,
    hears: (data) =>
      eventually(
        () => text.includes(`data: ${data}\n\n`),
        () => `"${data}" in ${text}`,
      ),
    ended,
    leave() {
      asked.destroy();
    },
  };
}
