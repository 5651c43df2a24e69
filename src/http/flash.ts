import type { Request, RequestHandler, Response } from 'express';

/** What the page that follows says once, by its i18n key. */
export function flash(req: Request, key: string): void {
  req.session.flash = [...(req.session.flash ?? []), key];
}

/** Hands what is to be said to the page that is shown. A redirect leaves it for the next one. */
export const flashes: RequestHandler = (req, res, next) => {
  res.locals.flashes = req.session.flash ?? [];
  const render = res.render.bind(res);
  res.render = (...args: Parameters<Response['render']>) => {
    delete req.session.flash;
    render(...args);
  };
  next();
};
