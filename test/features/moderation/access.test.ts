import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requirePetition } from '../../../src/features/petitions/store.ts';
import { initiator } from '../../support/accounts.ts';
import { openClient, type Client } from '../../support/client.ts';
import { routesOf, type Route } from '../../support/routes.ts';
import { startSite, type TestSite } from '../../support/site.ts';
import { SAME_ORIGIN, SLUG } from '../../support/visitor.ts';
import { confirmedSignatures } from '../defence/people.ts';
import { staff } from '../exports/signers.ts';

/** What any form of the administration may ask for. */
const FORM = {
  kind: 'refused_words',
  value: 'rude',
  role: 'admin',
  sought: '1',
  country: 'SE',
  direction: 'rejection',
  reason: 'Mine.',
  email: 'a@b.example',
  format: 'csv',
  with_name: 'on',
  form_id: '3f1c9c1a-1b1e-4f43-9a55-111111111111',
  version: '1',
  note: 'Mine.',
  language: 'en',
  retention_months: '1',
  typed_slug: SLUG,
  ground: 'hate',
  outcome: 'kept',
  seen: '.',
  last: '9',
};

/** Ways of writing an address that could pass by a guard and reach what it guards. */
const waysOf = (path: string): string[] => [
  path,
  `${path.replace('/en/', '/ru/')}/`,
  path.replace(/\/(admin|accounts|exports)/g, (part) => part.toUpperCase()),
  path.replace('/admin', '//admin'),
  path.replace('/admin/', '/admin%2F'),
  path.replace('/admin', '/%61dmin'),
];

const OF_MODERATORS =
  /^\/admin(\/reviews.*|\/reports|\/petitions(\/:slug)?|\/petitions\/:slug\/(signatures(?!\/address).*|pause.*|block.*|reports.*)|\/decisions.*)?$/;

const WITH_RECENT_FACTOR =
  /^\/admin\/(accounts|audit|exports|retention|petitions\/:slug\/(exports|hand-over|retention|.*address))/;

/** What nobody of them may change. */
async function stored({ db }: TestSite): Promise<unknown> {
  const { rows } = await db.query(`
    SELECT (SELECT string_agg(a::text, ' ' ORDER BY a.id) FROM accounts AS a) AS accounts,
      (SELECT count(*) FROM audit_log) AS entries,
      (SELECT count(*) FROM bulk_changes) AS changes,
      (SELECT string_agg(d::text, ' ' ORDER BY d.id) FROM decisions AS d) AS decisions,
      (SELECT count(*) FROM open_cases) AS cases,
      (SELECT count(*) FROM exports) AS exports,
      (SELECT count(*) FROM hand_overs) AS documents,
      (SELECT count(*) FROM flagged) AS flagged,
      (SELECT count(*) FROM screening) AS lists,
      (SELECT count(*) FROM second_factor_resets) AS resets,
      (SELECT count(*) FROM signing_pauses) AS pauses,
      (SELECT string_agg(concat(p.retention_months, p.destroyed_on), ' ') FROM petitions AS p) AS kept
  `);
  return rows;
}

const tokenAt = async (client: Client, page: string): Promise<string> =>
  /name="_csrf" value="([^"]+)"/.exec(await client.read(page))?.[1] ?? '';

/** Whether somebody was refused, or led to where they prove who they are. */
const isRefused = ({ status, headers }: Response): boolean =>
  [400, 403, 404].includes(status) ||
  /\/account\/(session|second-factor)/.test(headers.get('location') ?? '');

test('no way of writing an address of the administration lets in who may not', async (t) => {
  const site = await startSite(t);
  const petition = await requirePetition(site.db, SLUG, 'en');
  await confirmedSignatures(site.db, petition, 12);
  await site.db.query(
    `INSERT INTO flagged (petition_id, subject, item, flagged_on, networks, networks_on)
     VALUES ($1, 'petition', '', current_date, '{}', current_date)`,
    [petition.id],
  );
  const people = {
    nobody: openClient(site),
    initiator: await initiator(site),
    fresh: await initiator(site, 'fresh@example.org'),
    moderator: await staff(site, 'moderator'),
    suspended: await staff(site, 'admin', 'suspended'),
    late: await staff(site, 'admin', 'late'),
  };
  const tokens = new Map<Client, string>();
  for (const [who, client] of Object.entries(people)) {
    tokens.set(client, await tokenAt(client, `/en/account${who === 'nobody' ? '/session' : ''}`));
  }
  await site.db.query(`UPDATE accounts SET role = 'admin' WHERE id = 2`);
  await site.db.query(`UPDATE accounts SET state = 'suspended' WHERE id = 4`);
  await site.db.query(`
    UPDATE sessions SET sess = jsonb_set(sess::jsonb, '{second_factor_at}', '1000')::json
    WHERE account_id = 5
  `);
  const ask = (client: Client, method: string, address: string): Promise<Response> => {
    const Cookie = [...client.cookies].map((pair) => pair.join('=')).join('; ');
    const body = new URLSearchParams({ ...FORM, _csrf: tokens.get(client) ?? '' });
    return fetch(site.url + address, {
      method,
      redirect: 'manual',
      headers: { ...SAME_ORIGIN, Cookie },
      ...(method === 'POST' && { body }),
    });
  };
  const mayUse = (who: string, { path }: Route): boolean =>
    (who === 'moderator' && OF_MODERATORS.test(path)) ||
    (who === 'late' && !WITH_RECENT_FACTOR.test(path));

  const routes = routesOf(site.app).filter(({ path }) => /^\/admin(\/|$)/.test(path));
  assert.ok(routes.length > 40, 'the routes of the administration were not found');
  await site.db.query(`
    INSERT INTO decisions (decided_on, subject, outcome, ground, petition_id, is_public)
    VALUES (current_date, 'petition', 'removed', 'hate', 1, true)
  `);
  await site.db.query('UPDATE petitions SET block_id = 1');
  const before = await stored(site);
  for (const route of routes) {
    const path = `/en${route.path.replace(':slug', SLUG).replace(':id', '1').replace(':flagged', 'petition')}`;
    for (const [who, client] of Object.entries(people)) {
      if (mayUse(who, route)) continue;
      for (const address of waysOf(path)) {
        const answer = await ask(client, route.method, address);
        await answer.arrayBuffer();
        assert.ok(isRefused(answer), `${who} ${route.method} ${address} ${answer.status}`);
      }
    }
  }
  assert.deepEqual(await stored(site), before);
});
