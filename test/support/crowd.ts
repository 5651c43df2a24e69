import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { deriveKeys } from '../../src/crypto/keys.ts';
import { bucketOf, emailDigest } from '../../src/crypto/email-digest.ts';
import { linkToken, type LinkedSignature } from '../../src/crypto/link-token.ts';
import { statusOf } from './connection.ts';
import { ada, signaturesPath } from './visitor.ts';

/** What a signature can be; `none` before it was given and after it was withdrawn. */
type State = 'none' | 'pending' | 'confirmed';

/** Somebody's signature by its digest, and what it may be after all that the site has answered. */
interface Person {
  digest: string;
  may: Set<State>;
}

interface Stage {
  url: string;
  secret: Buffer;
  db: pg.Pool;
}

/**
 * People who sign, confirm and, every third, withdraw, so many at once and without pause, until
 * they are stopped. Whatever breaks meanwhile, what each of them was answered is held to.
 */
export function startCrowd(stage: Stage, number: number) {
  const people: Person[] = [];
  const keys = deriveKeys(stage.secret);
  let stopped = false;

  const person = async (petitionId: string, agent: Agent): Promise<void> => {
    const n = people.length;
    const email = `person-${n}@example.org`;
    const digest = emailDigest(keys.emailDigest, petitionId, email);
    const me: Person = { digest: digest.toString('hex'), may: new Set(['none']) };
    people.push(me);
    const network = `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;
    /** Whether it was answered that this is done; without an answer it may be, or not. */
    const does = async (path: string, body: string, then: State): Promise<boolean> => {
      me.may.add(then);
      const done = (await statusOf(stage, path, agent, { body, network })) === 303;
      if (done) me.may = new Set([then]);
      return done;
    };

    const form = new URLSearchParams({ ...ada, email }).toString();
    if (!(await does(signaturesPath(), form, 'pending'))) return;
    const row = await rowOf(stage.db, digest);
    const link: LinkedSignature = { petitionId, emailDigest: digest, ...row };
    const path = (purpose: 'confirm' | 'manage') =>
      `/en/signatures/${linkToken(keys.linkToken, purpose, link)}`;
    if (!(await does(`${path('confirm')}/confirmation`, '', 'confirmed'))) return;
    if (n % 3 === 0) await does(`${path('manage')}/withdrawal`, '', 'none');
  };

  const queue = async (petitionId: string) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (!stopped) await person(petitionId, agent);
    agent.destroy();
  };

  const all = idOfPetition(stage.db).then((id) =>
    Promise.all(Array.from({ length: number }, () => queue(id))),
  );
  return {
    people,
    stop: async () => {
      stopped = true;
      await all;
    },
  };
}

/** What they were answered is what is in the database. Returns how many of each there are. */
export async function assertKept(db: pg.Pool, people: readonly Person[]) {
  const { rows } = await db.query<{ digest: string; state: State }>(
    `SELECT encode(s.email_digest, 'hex') AS digest, s.state FROM signatures AS s`,
  );
  const states = new Map(rows.map(({ digest, state }) => [digest, state]));
  const found = { none: 0, pending: 0, confirmed: 0 };
  for (const { digest, may } of people) {
    const state = states.get(digest) ?? 'none';
    assert.ok(may.has(state), `${state}, though only ${[...may].join(' or ')} was answered`);
    found[state] += 1;
  }
  return found;
}

/** In one glance at the database every counter equals the rows that it counts. */
export async function assertCounted(db: pg.Pool): Promise<void> {
  const { rows } = await db.query(`
    SELECT bucket, c.counted, r.confirmed
    FROM (SELECT bucket, sum(signatures) AS counted FROM signature_counts GROUP BY bucket) AS c
    FULL JOIN (
      SELECT bucket, count(*) AS confirmed FROM signatures WHERE state = 'confirmed' GROUP BY bucket
    ) AS r USING (bucket)
    WHERE coalesce(c.counted, 0) <> coalesce(r.confirmed, 0)`);
  assert.deepEqual(rows, []);
}

/** A signature that was answered with 303 is there, as soon as the database is. */
async function rowOf(db: pg.Pool, digest: Buffer): Promise<{ nonce: Buffer; version: number }> {
  for (;;) {
    try {
      const { rows } = await db.query<{ nonce: Buffer; version: number }>(
        'SELECT s.nonce, s.version FROM signatures AS s WHERE s.bucket = $1 AND s.email_digest = $2',
        [bucketOf(digest), digest],
      );
      assert.ok(rows[0], 'a signature that was answered with 303');
      return rows[0];
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      await sleep(100); // the database is away
    }
  }
}

async function idOfPetition(db: pg.Pool): Promise<string> {
  const { rows } = await db.query<{ id: string }>('SELECT min(p.id) AS id FROM petitions AS p');
  assert.ok(rows[0]);
  return rows[0].id;
}
