import { once } from 'node:events';
import { request, type Agent } from 'node:http';
import { connect } from 'node:net';
import { eventually } from './eventually.ts';
import { SAME_ORIGIN } from './visitor.ts';

/** Where the site is. */
interface Address {
  url: string;
}

/** A form, and the network it comes from behind a proxy that is trusted. */
export interface Sent {
  body: string;
  network: string;
}

/**
 * The status of the answer to a form, or to reading a page, on the connections of `agent`; null
 * when the connection broke before all of it was there.
 */
export function statusOf(
  { url }: Address,
  path: string,
  agent: Agent | false,
  sent: Sent | null = null,
): Promise<number | null> {
  const { promise, resolve } = Promise.withResolvers<number | null>();
  const broken = () => {
    resolve(null);
  };
  const headers = sent && {
    ...SAME_ORIGIN,
    'Content-Type': 'application/x-www-form-urlencoded',
    'X-Forwarded-For': sent.network,
  };
  const method = sent === null ? 'GET' : 'POST';
  request(new URL(path, url), { method, agent, headers: headers ?? {} }, (answer) => {
    answer.resume().once('error', broken);
    answer.once('end', () => {
      resolve(answer.statusCode ?? null);
    });
  })
    .once('error', broken)
    .end(sent?.body);
  return promise;
}

/** A form of which the site has the headers and half of the body, and waits for the rest. */
export async function sendHalf(
  site: Address,
  path: string,
  form: Record<string, string>,
): Promise<{ finish: () => Promise<string> }> {
  const { hostname, port, host } = new URL(site.url);
  const body = new URLSearchParams(form).toString();
  const headers = {
    Host: host,
    ...SAME_ORIGIN,
    'Content-Type': 'application/x-www-form-urlencoded',
    'Content-Length': String(body.length),
    Expect: '100-continue', // answered at once: so we know that the site has the headers
  };
  const socket = connect(Number(port), hostname);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.write([`POST ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
  const closed = once(socket, 'close');
  let answer = '';
  socket.on('data', (bytes: Buffer) => (answer += bytes.toString()));
  await eventually(
    () => answer.startsWith('HTTP/1.1 100 Continue\r\n\r\n') || null,
    () => 'the go-ahead',
  );
  answer = '';
  socket.write(body.slice(0, body.length / 2));
  return {
    /** The whole answer; the site closes the connection behind it. */
    finish: async () => {
      socket.write(body.slice(body.length / 2));
      await closed;
      return answer;
    },
  };
}

/** Waits until nobody listens there any more. */
export async function closed(site: Address): Promise<void> {
  const { hostname, port } = new URL(site.url);
  await eventually(
    async () => {
      const socket = connect(Number(port), hostname);
      const refused = await once(socket, 'connect').then(
        () => null,
        () => true,
      );
      socket.destroy();
      return refused;
    },
    () => `the end of ${site.url}`,
  );
}
