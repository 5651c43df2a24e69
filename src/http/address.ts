import type { IncomingMessage } from 'node:http';
import type { Express, Request } from 'express';

/** The visitor's address as Express tells it, for what is answered in front of it. */
export const addressOf = (app: Express, req: IncomingMessage): string | undefined =>
  (Object.setPrototypeOf(req, app.request) as Request).ip;
