import type { ErrorRequestHandler } from 'express';
import { BlockedPetition } from '../../petitions/blocked.ts';
import { blockedPage } from './views.ts';

/** What every address of a blocked petition answers, whatever was asked for. Kept by no cache. */
export const blockedPages: ErrorRequestHandler = (error, _req, res, next) => {
  if (!(error instanceof BlockedPetition) || res.headersSent) {
    next(error);
    return;
  }
  res.removeHeader('Content-Disposition');
  res.status(410).type('html').set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' });
  blockedPage(res, { block: error.block });
};
