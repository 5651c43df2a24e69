import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  forgetReports,
  tellModerators,
  type ReportJobs,
} from '../../../src/features/reports/jobs.ts';
import { mailsTo } from '../../support/mailbox.ts';
import { type TestSite } from '../../support/site.ts';
import { flagFrom, flaggableSite, moderator } from './readers.ts';

const jobs = (site: TestSite): ReportJobs => ({ ...site, baseUrl: site.url });

const READER = 'reader@example.org';

test('moderators are told of what presses, once a day about a petition, in neutral words', async (t) => {
  const { site, mean, kind } = await flaggableSite(t);
  await moderator(site);
  await flagFrom(site, [1, 2], { of: mean });
  await tellModerators.run(jobs(site));
  await flagFrom(site, [3], { of: mean });
  await tellModerators.run(jobs(site));
  await flagFrom(site, [1, 2, 3], { of: kind });
  await tellModerators.run(jobs(site));
  const { rows } = await site.db.query<{ told: boolean }>(
    'SELECT told_on IS NOT NULL AS told FROM flagged ORDER BY id',
  );
  assert.deepEqual(rows, [{ told: true }, { told: false }]);
  const mails = await mailsTo(site, 'moderator@example.org', 2); // the first made the account
  assert.equal(mails.length, 2);
  const mail = mails.at(-1);
  assert.equal(mail?.subject, 'Something is waiting for you');
  assert.doesNotMatch(mail.text, /library|mean/i);
  assert.match(mail.links[0] ?? '', /\/en\/admin\/reports$/);
});

test('networks are forgotten when the day is over, addresses after 90 days', async (t) => {
  const { site, mean } = await flaggableSite(t);
  await flagFrom(site, [1], { of: mean, email: READER });
  const kept = async () => {
    await forgetReports.run(jobs(site));
    const { rows } = await site.db.query<{ networks: number; addresses: number }>(`
      SELECT cardinality(f.networks) AS networks, count(r.email_locked)::integer AS addresses
      FROM flagged AS f JOIN reports AS r ON r.flagged_id = f.id GROUP BY f.id
    `);
    return rows[0];
  };
  assert.deepEqual(await kept(), { networks: 1, addresses: 1 });
  await site.db.query('UPDATE flagged SET networks_on = networks_on - 1');
  await site.db.query('UPDATE reports SET reported_on = reported_on - 90');
  assert.deepEqual(await kept(), { networks: 0, addresses: 1 });
  await site.db.query('UPDATE reports SET reported_on = reported_on - 1');
  assert.deepEqual(await kept(), { networks: 0, addresses: 0 });
});
