import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { deriveKeys } from '../../../src/crypto/keys.ts';
import { testDatabase } from '../../support/database.ts';
import { savedPetition } from '../../support/fixtures.ts';

const keys = deriveKeys(randomBytes(32));

/** Columns of a petition that opened on the first of January and closes on the first of June. */
type Columns = Record<string, string | null>;

const SUBMITTED = { submitted_on: '2026-06-10' };
const TALKING = { ...SUBMITTED, dialogue_on: '2026-06-12' };
const DECIDED = { ...TALKING, decided_on: '2026-06-14', outcome: 'accepted' };
const EXTENDED = {
  closes_on: '2026-08-01',
  first_closes_on: '2026-06-01',
  extended_on: '2026-05-20',
};
const ENDED = { closes_on: '2026-05-25', ended_early_from: '2026-06-01' };

const TAKEN: Columns[] = [
  {},
  SUBMITTED,
  { submitted_on: '2026-06-01' },
  TALKING,
  DECIDED,
  { ...DECIDED, dialogue_on: null },
  { ...DECIDED, decided_on: '2026-06-12' },
  { ...DECIDED, outcome: null },
  EXTENDED,
  { ...EXTENDED, closes_on: '2027-01-01' },
  { ...EXTENDED, closes_on: '2026-06-02' },
  ENDED,
  { ...EXTENDED, closes_on: '2026-05-25', ended_early_from: '2026-08-01' },
];

const REFUSED: Columns[] = [
  { submitted_on: '2026-05-31' },
  { dialogue_on: '2026-06-12' },
  { decided_on: '2026-06-14', outcome: 'accepted' },
  { ...TALKING, dialogue_on: '2026-06-09' },
  { ...DECIDED, decided_on: '2026-06-11' },
  { ...DECIDED, dialogue_on: null, decided_on: '2026-06-09' },
  { outcome: 'accepted' },
  { ...TALKING, outcome: 'accepted' },
  { ...DECIDED, outcome: 'perhaps' },
  { ...EXTENDED, closes_on: '2027-01-02' },
  { ...EXTENDED, closes_on: '2026-06-01' },
  { ...EXTENDED, extended_on: null },
  { ...EXTENDED, first_closes_on: null },
  { ...EXTENDED, extended_on: '2026-06-01' },
  { ...EXTENDED, extended_on: '2025-12-31' },
  { ...EXTENDED, closes_on: '2026-05-19', ended_early_from: '2026-08-01' },
  { ...EXTENDED, closes_on: '2026-05-25', ended_early_from: '2026-06-01' },
  { ...ENDED, ended_early_from: '2026-05-25' },
  { ...EXTENDED, submitted_on: '2026-07-01' },
];

test('the database takes what the stages allow, and refuses what they do not', async (t) => {
  const { pool: db } = await testDatabase(t);
  const { id } = await savedPetition(
    { db, keys },
    {
      opened_on: Temporal.PlainDate.from('2026-01-01'),
      closes_on: Temporal.PlainDate.from('2026-06-01'),
    },
  );
  const set = (columns: Columns) => {
    const names = Object.keys(columns);
    const assigned = names.map((name, n) => `${name} = $${n + 2}`).join(', ');
    return db.query(`UPDATE petitions SET ${assigned || 'goal = goal'} WHERE id = $1`, [
      id,
      ...Object.values(columns),
    ]);
  };
  const bare = {
    closes_on: '2026-06-01',
    first_closes_on: null,
    extended_on: null,
    ended_early_from: null,
    submitted_on: null,
    dialogue_on: null,
    decided_on: null,
    outcome: null,
  };
  for (const columns of TAKEN) await set({ ...bare, ...columns });
  for (const columns of REFUSED) {
    await assert.rejects(
      set({ ...bare, ...columns }),
      { code: '23514', constraint: 'petitions_stages_follow_each_other' },
      JSON.stringify(columns),
    );
  }
});

test('there is one submission and one decision, and no document without an entry', async (t) => {
  const { pool: db } = await testDatabase(t);
  const { id } = await savedPetition({ db, keys });
  const add = (stage: string) =>
    db.query(
      `INSERT INTO stage_entries (petition_id, stage, happened_on, language, text)
       VALUES ($1, $2, '2026-06-10', 'en', '') RETURNING id`,
      [id, stage],
    );
  for (const stage of ['submission', 'dialogue', 'dialogue', 'decision']) await add(stage);
  for (const stage of ['submission', 'decision']) {
    await assert.rejects(add(stage), { constraint: 'stage_entries_once_idx' });
  }
  await assert.rejects(
    db.query(`INSERT INTO documents (id, entry_id, content) VALUES ($1, 999, 'x')`, [
      'a'.repeat(32),
    ]),
    { code: '23503' },
  );
});
