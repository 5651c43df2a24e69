import csurf from 'csurf';
import type { Request, RequestHandler } from 'express';
import { z } from 'zod';

const Body = z.object({ _csrf: z.string() });

/**
 * Every form behind a session carries a token of that session, in its body and nowhere else.
 * Throws with the code EBADCSRFTOKEN for one that does not.
 */
export const csrf: RequestHandler[] = [
  (req, res, next) => {
    // Made when a page asks for it: the session, and its cookie, begin with that. The page that
    // says that a form was too old asks too.
    Object.defineProperty(res.locals, 'csrfToken', {
      get: () => req.csrfToken(),
      enumerable: true,
      configurable: true,
    });
    next();
  },
  csurf({ value: (req: Request) => Body.safeParse(req.body).data?._csrf ?? '' }),
];
