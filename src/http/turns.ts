import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';

/** So many requests begin in one turn of the event loop. */
const PER_TURN = 8;

/**
 * Lets a crowd begin a few at a time. What takes no time, such as a page out of the cache, is
 * answered between two turns instead of behind everybody who came first.
 */
export function fewATurn(app: RequestListener): RequestListener {
  const waiting: Parameters<RequestListener>[] = [];
  const turn = (): void => {
    for (const request of waiting.splice(0, PER_TURN)) app(...request);
    if (waiting.length > 0) setImmediate(turn);
  };
  return (req, res) => {
    keepAddress(req.socket);
    waiting.push([req, res]);
    if (waiting.length === 1) setImmediate(turn);
  };
}

/** Node keeps the address that was once read, also when the visitor has gone meanwhile. */
const keepAddress = (socket: Socket): unknown => socket.remoteAddress;
