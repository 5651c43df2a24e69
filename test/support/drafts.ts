import assert from 'node:assert/strict';
import type { Client } from './client.ts';

/** What an initiator fills in, step by step. */
export const STEP_VALUES = {
  cause: {
    language: 'en',
    title: 'Let the library stay open on Sundays',
    recipient: 'the City Council of Uppsala',
  },
  text: {
    text: 'Open the library on Sundays.\n\n## Why\n\n- for **children**',
    reason: 'Many have time on Sundays only.',
    thanks: 'Thank you!',
  },
  about: {
    topic: 'culture',
    goal: '1000',
    length: 'P3M',
    shown_as: 'pseudonym',
    initiator_name: 'Friends of the library',
    initiator_place: 'Uppsala',
  },
  signers: {
    asks_place: 'on',
    allow_anonymous: 'on',
    allow_secret: 'on',
    default_visibility: 'secret',
    mail_sender: 'Post',
    mail_subject: 'Please confirm',
  },
} as const;

type StepName = keyof typeof STEP_VALUES;

/** A new draft, by the path below which its steps are. */
export async function newDraft(client: Client, language = 'en'): Promise<string> {
  const answer = await client.send(`/${language}/workspace/drafts`, {}, `/${language}/workspace`);
  assert.equal(answer.status, 303);
  return (answer.headers.get('location') ?? '').replace(/\/cause$/, '');
}

/** Which version the form on a page was made from. */
export async function versionOf(client: Client, path: string): Promise<string> {
  const [, version] = /name="version" value="(\d+)"/.exec(await client.read(path)) ?? [];
  assert.ok(version, `${path} has no version`);
  return version;
}

export async function savedStep(client: Client, draft: string, step: StepName): Promise<Response> {
  const version = await versionOf(client, `${draft}/${step}`);
  const answer = await client.send(`${draft}/${step}`, { ...STEP_VALUES[step], version });
  assert.equal(answer.status, 303);
  return answer;
}

/** A draft in which nothing is missing. */
export async function completeDraft(
  client: Client,
  changes: Partial<Record<StepName, Record<string, string>>> = {},
): Promise<string> {
  const draft = await newDraft(client);
  for (const step of Object.keys(STEP_VALUES) as StepName[]) {
    const version = await versionOf(client, `${draft}/${step}`);
    const values = { ...STEP_VALUES[step], ...changes[step], version };
    const answer = await client.send(`${draft}/${step}`, values);
    assert.equal(answer.status, 303, step);
  }
  return draft;
}

/** The same, handed in. */
export async function handedInDraft(
  client: Client,
  changes: Partial<Record<StepName, Record<string, string>>> = {},
): Promise<string> {
  const draft = await completeDraft(client, changes);
  const version = await versionOf(client, `${draft}/preview`);
  const answer = await client.send(`${draft}/review`, { version }, `${draft}/preview`);
  assert.equal(answer.status, 303);
  return draft;
}
