import assert from 'node:assert/strict';
import { invitationFor, inviteTo, memberOf, MEMBERS, ownedPetition } from './members.ts';
import { completeDraft } from './drafts.ts';
import { routesOf, type Route } from './routes.ts';
import type { TestSite } from './site.ts';

/** Forms that every route may be given: what each reads of them is its own business. */
export const ANY_FORM = {
  version: '1',
  text: 'Mine now.',
  title: 'Mine now.',
  email: 'mine@example.org',
  role: 'owner',
  milestone_mails: 'off',
};

/** Somebody with one of everything that a workspace can hold. */
export async function fullWorkspace(site: TestSite) {
  const { client: owner, petition, account } = await ownedPetition(site);
  const bo = await memberOf(site, petition, 'bo@example.org', 'editor');
  const draft = await completeDraft(owner);
  await inviteTo(owner, 'cy@example.org');
  const [, invitation = ''] =
    /invitations\/(\d+)\/withdrawal/.exec(await owner.read(MEMBERS)) ?? [];
  const token = (await invitationFor(site, 'cy@example.org')).split('/').at(-1) ?? '';
  /** By the place of a parameter in its path: what it is of. */
  const values: Record<string, string> = {
    'drafts/:id': draft.split('/').at(-1) ?? '',
    'drafts/:id/:step': 'text',
    'petitions/:slug': petition.slug,
    'members/:account': bo.account,
    'members/invitations/:id': invitation,
    'invitations/:token': token,
    'texts/:language': 'en',
    'proposals/:id': await savedProposal(site, petition.id),
    'stages/:step': 'submission',
    'entries/:id': await savedEntry(site, petition.id),
  };
  return { owner, petition, account, paths: pathsOf(site, values) };
}

/** A translation that a reader has proposed and confirmed, and of which the owners were told. */
export async function savedProposal({ db }: TestSite, petitionId: string): Promise<string> {
  const { rows } = await db.query<{ id: string }>(
    `INSERT INTO text_proposals (petition_id, language, state, title, recipient, text, reason,
       thanks, original_state, email_locked, mail_language, moved_on, told_on)
     VALUES ($1, 'sv', 'confirmed', 'Rädda biblioteket', 'Kommunen', 'Text', 'Skäl', '', 'x',
       '\\x00', 'sv', current_date, current_date) RETURNING id`,
    [petitionId],
  );
  return rows[0]?.id ?? '';
}

async function savedEntry({ db }: TestSite, petitionId: string): Promise<string> {
  const { rows } = await db.query<{ id: string }>(
    `INSERT INTO stage_entries (petition_id, stage, happened_on, language, text)
     VALUES ($1, 'dialogue', current_date, 'en', 'They answered.') RETURNING id`,
    [petitionId],
  );
  return rows[0]?.id ?? '';
}

/** Every address of the workspace, with a real value in the place of each parameter. */
function pathsOf({ app }: TestSite, values: Record<string, string>): Route[] {
  const routes = routesOf(app).filter(({ path }) => /^\/workspace(\/|$)/.test(path));
  assert.ok(routes.length > 25, 'the routes of the workspace were not found');
  return routes.map(({ method, path }) => ({ method, path: `/en${filled(path, values)}` }));
}

function filled(path: string, values: Record<string, string>): string {
  return path.replaceAll(/:\w+/g, (parameter, at: number) => {
    const place = path.slice(0, at + parameter.length);
    const known = Object.keys(values).filter((end) => place.endsWith(`/${end}`));
    const value = values[known.sort((a, b) => b.length - a.length)[0] ?? ''];
    assert.ok(value, `test/support/workspace.ts knows no value for ${parameter} in ${path}`);
    return value;
  });
}
