import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { keepScreen } from '../../../src/features/screening/kept.ts';
import { entryOf, screenBy, type Entry } from '../../../src/features/screening/screening.ts';
import { saveEntry } from '../../../src/features/screening/store.ts';
import { initiator } from '../../support/accounts.ts';
import { testDatabase } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';
import { signAndConfirm } from '../../support/journey.ts';
import { startSite } from '../../support/site.ts';
import { post, sign } from '../../support/visitor.ts';
import { staff } from '../defence/people.ts';

const LISTS: Entry[] = [
  { kind: 'refused_domain', value: 'fakes.example' },
  { kind: 'allowed_domain', value: 'mailinator.com' },
  { kind: 'allowed_domain', value: 'good.fakes.example' },
  { kind: 'refused_words', value: 'дурак' },
  { kind: 'refused_words', value: 'go away' },
];

suite('the lists of what signers may not use', () => {
  test('refuse a mail domain with all below it, unless it is allowed', () => {
    const errorOf = (email: string) => screenBy(LISTS)({ email, words: {} }).email?.key;
    assert.equal(errorOf('a@fakes.example'), 'validation:email.refused');
    assert.equal(errorOf('a@X.Fakes.Example'), 'validation:email.refused');
    assert.equal(errorOf('a@notfakes.example'), undefined);
    assert.equal(errorOf('a@good.fakes.example'), undefined);
    assert.equal(errorOf('a@guerrillamail.com'), 'validation:email.disposable');
    assert.equal(errorOf('a@mailinator.com'), undefined);
  });

  test('refuse whole words in any spelling of their letters', () => {
    const errorOf = (reason: string) => screenBy(LISTS)({ words: { reason } }).reason?.key;
    for (const text of [
      'Дурак!',
      'ты «ДУРАК»',
      'Go—AWAY.',
      'ｇｏ\n away',
      'ду\u200dрак',
      'go\u200c away',
    ]) {
      assert.equal(errorOf(text), 'validation:refused_words', text);
    }
    for (const text of ['дурака', 'Let them go. Faraway.', 'go far away', '']) {
      assert.equal(errorOf(text), undefined, text);
    }
  });

  test('keep an entry the way it is compared', () => {
    const of = (kind: Entry['kind'], value: string) => entryOf({ kind, value })?.value ?? null;
    for (const value of ['Fakes.Example.', '.fakes.example', '@fakes.example']) {
      assert.equal(of('refused_domain', value), 'fakes.example', value);
    }
    for (const value of ['ada@gmail.com', 'fakes..example', '.se', '-.example', '10.0.0.10']) {
      assert.equal(of('refused_domain', value), null, value);
    }
    assert.equal(of('refused_domain', ' Пример.РФ '), 'xn--e1afmkfd.xn--p1ai');
    assert.equal(of('refused_words', ' Go   AWAY! '), 'go away');
    for (const value of ['localhost', 'a b', '*.example', '']) {
      assert.equal(of('refused_domain', value), null, value);
    }
    for (const value of ['.*', 'a', '']) assert.equal(of('refused_words', value), null, value);
  });

  test('are read anew when their time is over, and not for every signer', async (t) => {
    const { pool } = await testDatabase(t);
    const slow = keepScreen(pool);
    const quick = keepScreen(pool, 1);
    const form = { words: { name: 'Eve Refused' } };
    assert.deepEqual([await slow(form), await quick(form)], [{}, {}]);
    await saveEntry(pool, { kind: 'refused_words', value: 'refused' });
    await eventually(
      async () => Object.keys(await quick(form)).length === 1,
      () => 'the new list',
    );
    assert.deepEqual(await slow(form), {});
  });

  test('are kept by admins, and hold for signing and for what is changed later', async (t) => {
    const site = await startSite(t);
    const admin = await staff(site, 'admin');
    const add = (kind: string, value: string) => admin.send('/en/admin/lists', { kind, value });
    assert.equal((await add('refused_domain', 'Fakes.example')).status, 303);
    assert.equal((await add('refused_domain', 'fakes.example')).status, 303, 'twice is once');
    assert.equal((await add('refused_words', 'Rude')).status, 303);
    const unusable = await add('refused_domain', '<b>');
    assert.equal(unusable.status, 422);
    assert.match(await unusable.text(), /write a whole domain[^]*value="&lt;b&gt;"/);
    assert.equal((await add('refused_words', 'x'.repeat(101))).status, 422);
    assert.equal((await add('nothing', 'rude')).status, 422);

    const byDomain = await sign(site, { email: 'a@fakes.example' });
    assert.equal(byDomain.status, 422);
    assert.match(await byDomain.text(), /Addresses at this domain are not accepted here/);
    const byWord = await sign(site, { email: 'a@b.example', reason: 'So RUDE, that.' });
    assert.equal(byWord.status, 422);
    assert.match(await byWord.text(), /There is a word here that is not accepted[^]*So RUDE, that/);
    const disposable = await sign(site, { email: 'a@mailinator.com' });
    assert.match(await disposable.text(), /disposable ones are not accepted/);
    const { own } = await signAndConfirm(site, { email: 'b@b.example' });
    const changes = { visibility: 'public', public_name: 'Rude', public_place: '', reason: '' };
    assert.equal((await post(site, own, changes)).status, 422);

    const removed = { kind: 'refused_words', value: 'rude' };
    const answer = await admin.send('/en/admin/lists/removal', removed, '/en/admin/lists');
    assert.equal(answer.status, 303);
    assert.doesNotMatch(await admin.read('/en/admin/lists'), /rude/);
    const { rows } = await site.db.query(
      `SELECT action, details FROM audit_log WHERE action LIKE 'screening.%' ORDER BY id`,
    );
    assert.deepEqual(rows, [
      { action: 'screening.added', details: { kind: 'refused_domain' } },
      { action: 'screening.added', details: { kind: 'refused_words' } },
      { action: 'screening.removed', details: { kind: 'refused_words' } },
    ]);
  });

  test('are no concern of anybody else', async (t) => {
    const site = await startSite(t);
    const [ada, moderator] = [await initiator(site), await staff(site)];
    for (const client of [ada, moderator]) {
      assert.equal((await client.get('/en/admin/lists')).status, 404);
      for (const path of ['/en/admin/lists', '/en/admin/lists/removal']) {
        const values = { kind: 'refused_words', value: 'rude' };
        assert.equal((await client.send(path, values, '/en/account')).status, 404);
      }
    }
    assert.equal((await site.db.query('SELECT FROM screening')).rowCount, 0);
  });
});
