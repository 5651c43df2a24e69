import assert from 'node:assert/strict';
import type { Express } from 'express';

/** What Express keeps of each thing that was mounted. */
interface Layer {
  rawPath?: unknown;
  slash: boolean;
  route?: { path: string | string[]; stack: { method: string | undefined }[] };
  handle: { stack?: Layer[] };
}

export interface Route {
  method: string;
  /** As it was written, with its parameters: `/workspace/drafts/:id` */
  path: string;
}

/** Below this every page of the site is. */
const LANGUAGE = '/:lang';

/**
 * Every route of the site below a language, and each in the order in which it is asked. Fails for a
 * router that is mounted below a path: then a route's own path would not be all of it.
 */
export function routesOf(app: Express): Route[] {
  // Express keeps them in a stack that its types do not tell of.
  return routesIn((app.router as unknown as { stack: Layer[] }).stack);
}

const routesIn = (stack: Layer[]): Route[] =>
  stack.flatMap(({ route, handle, slash, rawPath }) => {
    if (route !== undefined) {
      const methods = new Set(route.stack.map(({ method = 'all' }) => method.toUpperCase()));
      return [route.path]
        .flat()
        .flatMap((path) => [...methods].map((method) => ({ method, path })));
    }
    if (handle.stack === undefined) return [];
    const inside = routesIn(handle.stack);
    const isWhole = slash || rawPath === LANGUAGE || inside.length === 0;
    assert.ok(
      isWhole,
      `A router is mounted at ${String(rawPath)}: give its routes their whole paths`,
    );
    return inside;
  });
