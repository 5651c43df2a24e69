import {
  IncomingMessage,
  ServerResponse,
  type OutgoingHttpHeaders,
  type RequestListener,
} from 'node:http';
import { Socket } from 'node:net';

export interface Answer {
  status: number;
  headers: OutgoingHttpHeaders;
  body: Buffer;
}

/**
 * Lets the app answer a GET that no visitor sent: nothing of anybody can be in what comes back.
 * The answer is collected where it would be written; Express replaces the prototypes of request
 * and response, so that only their own properties are safe to hook into.
 */
export function ask(app: RequestListener, url: string): Promise<Answer> {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  const req = new IncomingMessage(new Socket());
  Object.assign(req, { method: 'GET', url, headers: { host: 'localhost' }, complete: true });
  req.push(null);
  const res = new ServerResponse(req);
  const chunks: Buffer[] = [];
  const keep = (chunk: unknown) => {
    if (typeof chunk === 'string') chunks.push(Buffer.from(chunk));
    if (Buffer.isBuffer(chunk)) chunks.push(chunk);
    return true;
  };
  const end = (chunk?: unknown) => {
    keep(chunk);
    resolve({ status: res.statusCode, headers: res.getHeaders(), body: Buffer.concat(chunks) });
    res.emit('finish');
    return res;
  };
  Object.assign(res, { write: keep, end });
  app(req, res);
  return promise;
}
