import type { RequestHandler } from 'express';
import helmet from 'helmet';
import { AppError } from '../errors.ts';

/**
 * Headers for every answer. Nothing from elsewhere, no script but our own file, no frame.
 * Referrers stay inside the site: links in mails carry their token in the path.
 */
export const securityHeaders = (https: boolean): RequestHandler =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        connectSrc: ["'self'"],
        imgSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: https && { maxAge: 63_072_000 },
    xFrameOptions: { action: 'deny' },
  });

/** Pages are read and forms are sent; nothing here answers to any other method. */
export const knownMethods: RequestHandler = (req, res, next) => {
  if (!['GET', 'HEAD', 'POST'].includes(req.method)) {
    res.set('Allow', 'GET, HEAD, POST');
    throw Object.assign(new Error('Method not allowed'), { status: 405 });
  }
  next();
};

/**
 * Refuses forms that another site's page submitted. There is no cookie to protect, so the
 * browser's own word is enough: Sec-Fetch-Site where it is sent, else Origin against Host.
 */
export const sameOriginForms: RequestHandler = (req, res, next) => {
  if (req.method === 'POST') {
    res.set('Cache-Control', 'no-store'); // the page may show again what was typed
    if (!isSameOrigin(req.headers)) throw new AppError('forbidden', 'errors:other_site');
  }
  next();
};

function isSameOrigin(headers: NodeJS.Dict<string | string[]>): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin, host } = headers;
  return typeof origin === 'string' && URL.canParse(origin) && new URL(origin).host === host;
}

/** A form whose escapes are no UTF-8 was not sent by a browser. Throws with status 400. */
export function refuseBroken(_req: unknown, _res: unknown, body: Buffer): void {
  try {
    decodeURIComponent(body.toString('latin1'));
  } catch (error) {
    throw Object.assign(new Error('Broken form', { cause: error }), { status: 400 });
  }
}
