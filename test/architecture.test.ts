import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { test } from 'node:test';

const SRC = new URL('../src/', import.meta.url).pathname;

const BASE = ['errors.ts', 'paths.ts', 'plain-text.ts', 'today.ts', 'throttle.ts', 'types'];
const KIT = ['db', 'forms', 'http', 'i18n', 'jobs', 'mail', 'crypto', ...BASE];

/** Each folder of src and what it may import besides itself. Read it downwards. */
const MAY_IMPORT: Record<string, string[]> = {
  'errors.ts': [],
  'paths.ts': [],
  'public-pages.ts': ['paths.ts'],
  'markdown.ts': [],
  'plain-text.ts': [],
  'today.ts': [],
  'throttle.ts': [],
  'config.ts': BASE,
  i18n: [],
  crypto: BASE,
  db: BASE,
  forms: ['crypto', ...BASE],
  jobs: ['db', ...BASE],
  mail: ['crypto', 'db', 'i18n', 'jobs', ...BASE],
  http: ['db', 'i18n', ...BASE],
  'features/accounts': KIT,
  'features/pages': KIT,
  'features/petitions': [...KIT, 'features/accounts'],
  'features/members': [...KIT, 'features/accounts', 'features/petitions'],
  'features/decisions': [...KIT, 'features/accounts', 'features/petitions'],
  'features/pictures': [...KIT, 'features/accounts', 'features/petitions', 'features/members'],
  'features/drafts': [
    ...KIT,
    'features/accounts',
    'features/petitions',
    'features/members',
    'features/pictures',
    'features/decisions',
  ],
  'features/erasure': [
    ...KIT,
    'features/accounts',
    'features/petitions',
    'features/members',
    'features/pictures',
    'features/drafts',
  ],
  'features/workspace': [
    ...KIT,
    'features/accounts',
    'features/petitions',
    'features/members',
    'features/decisions',
    'features/drafts',
    'features/signatures',
    'features/statistics',
  ],
  'features/retention': [
    ...KIT,
    'features/accounts',
    'features/petitions',
    'features/members',
    'features/statistics',
  ],
  'features/reports': [...KIT, 'features/accounts', 'features/petitions', 'features/decisions'],
  'features/moderation': [
    ...KIT,
    'features/accounts',
    'features/petitions',
    'features/members',
    'features/decisions',
    'features/drafts',
    'features/reports',
    'features/retention',
  ],
  'features/stages': [...KIT, 'features/accounts', 'features/petitions', 'features/members'],
  'features/milestones': [...KIT, 'features/accounts', 'features/petitions', 'features/members'],
  'features/pauses': [...KIT, 'features/accounts', 'features/petitions'],
  'features/exports': [...KIT, 'features/accounts', 'features/petitions', 'features/members'],
  'features/hand-over': [
    ...KIT,
    'markdown.ts',
    'features/accounts',
    'features/petitions',
    'features/members',
    'features/exports',
    'features/signatures',
    'features/stages',
    'features/statistics',
  ],
  'features/revisions': [...KIT, 'features/petitions'],
  'features/screening': [...KIT, 'features/accounts'],
  'features/translations': [
    ...KIT,
    'features/accounts',
    'features/petitions',
    'features/members',
    'features/revisions',
  ],
  'features/signatures': [...KIT, 'features/petitions', 'features/decisions', 'features/screening'],
  'features/petition-page': [
    ...KIT,
    'features/petitions',
    'features/signatures',
    'features/stages',
  ],
  'features/dev': [...KIT, 'features/petitions', 'features/signatures'],
  'features/sitemap': [...KIT, 'features/petitions'],
  'features/defence': [
    ...KIT,
    'features/accounts',
    'features/petitions',
    'features/signatures',
    'features/statistics',
  ],
  'features/statistics': [...KIT, 'features/petitions', 'features/signatures'],
  demo: [...KIT, 'features/petitions'],
  // The processes are put together out of everything.
  admin: ['*'],
  'admin.ts': ['*'],
  'app.ts': ['*'],
  'database.ts': ['*'],
  'migrate.ts': ['*'],
  'process.ts': ['*'],
  'processes.ts': ['*'],
  'site.ts': ['*'],
  'work.ts': ['*'],
  'worker.ts': ['*'],
  'main.ts': ['*'],
};

const files = globSync('**/*.ts', { cwd: SRC }).filter((file) => !file.endsWith('.d.ts'));

const importsOf = (file: string): string[] =>
  [...readFileSync(SRC + file, 'utf8').matchAll(/(?:from|import) '(\.[^']+)'/g)].map((match) =>
    posix.join(posix.dirname(file), match[1] ?? ''),
  );

const folderOf = (file: string): string => {
  const [first = '', second = ''] = file.split('/');
  return first === 'features' ? `features/${second}` : first;
};

test('every file of src has its place', () => {
  assert.ok(files.length > 30);
  const unknown = files.filter((file) => !(folderOf(file) in MAY_IMPORT));
  assert.deepEqual(unknown, []);
});

test('imports point one way', () => {
  const wrong = files.flatMap((file) => {
    const from = folderOf(file);
    const allowed = [from, ...(MAY_IMPORT[from] ?? [])];
    return importsOf(file)
      .filter((to) => !allowed.includes('*') && !allowed.includes(folderOf(to)))
      .map((to) => `${file} imports ${to}`);
  });
  assert.deepEqual(wrong, []);
});

test('inside a feature only routes, views and guards know about HTTP', () => {
  const wrong = files
    .filter((file) => file.startsWith('features/') && !/\/(routes|views|guard)\.ts$/.test(file))
    .filter((file) => importsOf(file).some((to) => folderOf(to) === 'http'));
  assert.deepEqual(wrong, []);
});

test('only the configuration reads the environment', () => {
  const wrong = files.filter(
    (file) => file !== 'config.ts' && readFileSync(SRC + file, 'utf8').includes('process.env'),
  );
  assert.deepEqual(wrong, []);
});
