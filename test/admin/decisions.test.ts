import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { initiator } from '../support/accounts.ts';
import { refusal, run } from '../support/command.ts';
import { handedInDraft } from '../support/drafts.ts';
import { mailsTo } from '../support/mailbox.ts';
import { startSite } from '../support/site.ts';
import { get, pageWith, SLUG } from '../support/visitor.ts';

test('the operator rejects, blocks and lets be seen again by hand', async (t) => {
  const SECRET_KEY = randomBytes(32).toString('base64');
  const site = await startSite(t, { SECRET_KEY });
  const say = async (...args: string[]) => {
    const { databaseUrl: DATABASE_URL, dataDir: DATA_DIR } = site;
    const said = await run({ DATABASE_URL, DATA_DIR, SECRET_KEY }, args);
    assert.equal(said.code, 0, said.stderr);
    return said.stdout;
  };
  await handedInDraft(await initiator(site));
  const reject = ['review', 'reject', '1', '--ground', 'duplicate', '--note', 'See <that>.'];
  assert.equal(await say(...reject, '--public'), 'Rejected.\n');
  await pageWith(site, '/en/decisions', 'Let the library stay open on Sundays');
  const [, mail] = await mailsTo(site, 'ada@example.org', 2);
  assert.match(mail?.text ?? '', /There is already a petition about the same[\s\S]*See <that>\./);

  assert.equal(await say('petition', 'block', SLUG, '--ground', 'threats'), `${SLUG}: blocked.\n`);
  await pageWith(site, `/en/petitions/${SLUG}`, 'Threats or calls for violence');
  assert.equal(await say('petition', 'unblock', SLUG), `${SLUG}: no longer blocked.\n`);
  await pageWith(site, `/en/petitions/${SLUG}`, '<form');
  assert.equal((await get(site, `/en/petitions/${SLUG}`)).status, 200);
  assert.match(await refusal(site, ['petition', 'unblock', SLUG]), /is not blocked\.$/);
});
