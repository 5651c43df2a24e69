import assert from 'node:assert/strict';
import { SAME_ORIGIN } from './visitor.ts';
import type { TestSite } from './site.ts';

/** A browser without a window: it keeps cookies, and sends forms with the token they came with. */
export interface Client {
  get: (path: string) => Promise<Response>;
  /** Opens the page at `form`, or at `path`, and sends what it was given to `path`. */
  send: (path: string, values: Record<string, string>, form?: string) => Promise<Response>;
  /** The same with files, as a browser sends them; without a name for a file no file was chosen. */
  upload: (
    path: string,
    values: Record<string, string>,
    files: [name: string, file: File][],
    form?: string,
  ) => Promise<Response>;
  /** The page, as text. */
  read: (path: string) => Promise<string>;
  cookies: Map<string, string>;
}

export function openClient({ url }: Pick<TestSite, 'url'>): Client {
  const cookies = new Map<string, string>();
  const ask = async (
    path: string,
    init: { method?: string; body?: string | FormData; headers?: Record<string, string> } = {},
  ): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(new URL(path, url), {
      redirect: 'manual',
      ...init,
      headers: { ...SAME_ORIGIN, Cookie: cookie, ...init.headers },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return answer;
  };
  const read = async (path: string) => (await ask(path)).text();
  const tokenAt = async (form: string): Promise<string> => {
    const [, token] = /name="_csrf" value="([^"]+)"/.exec(await read(form)) ?? [];
    assert.ok(token, `${form} has no form`);
    return token;
  };
  return {
    cookies,
    get: (path) => ask(path),
    read,
    async send(path, values, form = path) {
      const token = await tokenAt(form);
      return ask(path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ _csrf: token, ...values }).toString(),
      });
    },
    async upload(path, values, files, form = path) {
      const body = new FormData();
      for (const [name, value] of Object.entries({ _csrf: await tokenAt(form), ...values })) {
        body.append(name, value);
      }
      for (const [name, file] of files) body.append(name, file);
      return ask(path, { method: 'POST', body });
    },
  };
}
