import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unlock } from '../../../src/crypto/seal.ts';
import { VISIBILITIES } from '../../../src/features/petitions/petition.ts';
import type { SigningRules } from '../../../src/features/petitions/store.ts';
import { savedPetition } from '../../support/fixtures.ts';
import { confirmAt } from '../../support/journey.ts';
import { confirmationLink, mailsTo, ownLink } from '../../support/mailbox.ts';
import { openSealed } from '../../support/sealed.ts';
import { startSite, type TestSite } from '../../support/site.ts';
import { ada, get, post, signaturesPath } from '../../support/visitor.ts';

const SLUG = 'save-the-library';

const USUAL: SigningRules = {
  asks_place: true,
  asks_postal_code: true,
  visibilities: ['public', 'anonymous', 'secret'],
  default_visibility: 'anonymous',
  mail_sender: null,
  mail_subject: null,
};

const petitionWith = (site: TestSite, rules: Partial<SigningRules>) =>
  savedPetition(site, { slug: SLUG, rules: { ...USUAL, ...rules } });

const pageOf = async (site: TestSite, language = 'en') =>
  (await get(site, `/${language}/petitions/${SLUG}`)).text();

const sign = (site: TestSite, changes: Record<string, string> = {}) =>
  post(site, signaturesPath('en', SLUG), { ...ada, ...changes });

/** What others see of the one signature of this petition, and what is sealed. */
async function stored(site: TestSite) {
  const { rows } = await site.db.query<Shown & Sealed>(
    `SELECT s.visibility, s.public_name, s.public_place, s.reason, s.sealed, k.public_key,
       k.private_key_locked
     FROM signatures AS s
     JOIN petitions AS p ON p.id = s.petition_id
     JOIN export_keys AS k ON k.petition_id = p.id
     WHERE p.slug = $1`,
    [SLUG],
  );
  return rows.map(({ sealed, public_key, private_key_locked, ...shown }) => {
    const privateKey = unlock(private_key_locked, site.keys.exportKey);
    const opened = sealed && openSealed(sealed, { publicKey: public_key, privateKey });
    return { ...shown, sealed: opened };
  });
}

interface Shown {
  visibility: string;
  public_name: string | null;
  public_place: string | null;
  reason: string | null;
}

interface Sealed {
  sealed: Buffer | null;
  public_key: Buffer;
  private_key_locked: Buffer;
}

/** The path of the signer's own page, the signature being confirmed. */
async function signedAndConfirmed(site: TestSite, changes: Record<string, string>) {
  assert.equal((await sign(site, changes)).status, 303);
  const [mail] = await mailsTo(site, ada.email);
  assert.ok(mail);
  assert.equal((await confirmAt(site, confirmationLink(mail))).status, 303);
  return ownLink(mail);
}

const fieldsOf = (page: string): string[] => [
  ...new Set([...page.matchAll(/<(?:input|select|textarea)[^>]* name="(\w+)"/g)].map(nameIn)),
];

const choicesIn = (page: string): string[] =>
  [...page.matchAll(/type="radio" name="visibility" value="(\w+)"/g)].map(nameIn);

const chosenIn = (page: string): string[] =>
  [...page.matchAll(/name="visibility" value="(\w+)" checked/g)].map(nameIn);

const nameIn = ([, name = '']: RegExpMatchArray): string => name;

test('a petition asks for town and postal code, and offers all three, unless it says otherwise', async (t) => {
  const site = await startSite(t);
  await savedPetition(site);
  const page = await pageOf(site);
  const asked = ['name', 'email', 'country', 'place', 'postal_code', 'visibility', 'reason'];
  assert.deepEqual(fieldsOf(page), [...asked, 'website', 'consent']);
  assert.deepEqual(choicesIn(page), USUAL.visibilities);
  assert.deepEqual(chosenIn(page), ['anonymous']);
});

test('town and postal code are neither asked for nor kept where the petition does without', async (t) => {
  const site = await startSite(t);
  await petitionWith(site, { asks_place: false, asks_postal_code: false });
  const page = await pageOf(site);
  assert.doesNotMatch(page, /name="place"|name="postal_code"|class="pair"/);
  assert.match(page, /Your name, country and reason are shown here/);

  const link = 'https://x.example'; // not even read
  assert.equal((await sign(site, { visibility: 'public', postal_code: link })).status, 303);
  const [row] = await stored(site);
  assert.equal(row?.public_place, null);
  const { name, email } = ada;
  assert.deepEqual(row.sealed, { name, email, place: null, postal_code: null });
});

test('one of the two may be asked for alone', async (t) => {
  const site = await startSite(t);
  await petitionWith(site, { asks_place: false });
  assert.doesNotMatch(await pageOf(site), /name="place"/);
  assert.equal((await sign(site)).status, 303);
  const [row] = await stored(site);
  const { name, email, postal_code } = ada;
  assert.deepEqual(row?.sealed, { name, email, place: null, postal_code });
});

test('only what the petition offers can be chosen, and its default is chosen already', async (t) => {
  const site = await startSite(t);
  await petitionWith(site, { visibilities: ['secret', 'public'], default_visibility: 'secret' });
  const page = await pageOf(site);
  assert.deepEqual(choicesIn(page), ['public', 'secret']);
  assert.deepEqual(chosenIn(page), ['secret']);

  const refused = await sign(site, { visibility: 'anonymous' });
  assert.equal(refused.status, 422);
  const again = await refused.text();
  assert.match(again, /Choose who may see your name/);
  assert.deepEqual(chosenIn(again), [], 'nobody chooses for the signer');
  assert.deepEqual(await stored(site), []);
  assert.equal((await sign(site, { visibility: 'secret' })).status, 303);
});

const ONLY = {
  public: /Everyone can see who has signed/,
  anonymous: /Only the recipient gets your name\./,
  secret: /Nobody gets your name: we do not even ask for it/,
};

for (const only of VISIBILITIES) {
  test(`where a petition offers only "${only}", a sentence says so and nothing is chosen`, async (t) => {
    const site = await startSite(t);
    await petitionWith(site, { visibilities: [only], default_visibility: only });
    const page = await pageOf(site);
    assert.match(page, ONLY[only]);
    assert.deepEqual(choicesIn(page), []);
    assert.doesNotMatch(page, /if you choose/i);
    const hasName = only !== 'secret';
    for (const field of ['name', 'place', 'postal_code', 'reason']) {
      assert.equal(fieldsOf(page).includes(field), hasName, field);
    }

    for (const other of VISIBILITIES.filter((visibility) => visibility !== only)) {
      const refused = await sign(site, { visibility: other });
      assert.equal(refused.status, 422, other);
      assert.match(await refused.text(), /<div class="field field--bad" id="visibility">/);
    }
    assert.deepEqual(await stored(site), []);

    const sent = new URLSearchParams({ email: ada.email, country: 'SE', consent: 'on' });
    sent.set('visibility', /type="hidden" name="visibility" value="(\w+)"/.exec(page)?.[1] ?? '');
    if (hasName) sent.set('name', ada.name);
    assert.equal((await post(site, signaturesPath('en', SLUG), sent)).status, 303);
    assert.equal((await stored(site))[0]?.visibility, only);
  });
}

test('a signer cannot become visible to everybody where the petition does not offer it', async (t) => {
  const site = await startSite(t);
  await petitionWith(site, { visibilities: ['anonymous'] });
  const own = await signedAndConfirmed(site, { visibility: 'anonymous' });
  const page = await (await get(site, own)).text();
  assert.deepEqual(choicesIn(page), ['anonymous', 'secret']);
  assert.doesNotMatch(page, /name="public_name"|name="public_place"/);

  const answer = await post(site, own, { visibility: 'public', public_name: 'Ada', reason: '' });
  assert.equal(answer.status, 422);
  assert.equal((await stored(site))[0]?.visibility, 'anonymous');

  assert.equal((await post(site, own, { visibility: 'anonymous', reason: 'New.' })).status, 303);
  assert.equal((await stored(site))[0]?.reason, 'New.');
});

test('a signer can always hide the name, whatever the petition offers', async (t) => {
  const site = await startSite(t);
  await petitionWith(site, { visibilities: ['public'], default_visibility: 'public' });
  const own = await signedAndConfirmed(site, { visibility: 'public' });
  assert.deepEqual(choicesIn(await (await get(site, own)).text()), USUAL.visibilities);

  for (const visibility of ['anonymous', 'public', 'secret']) {
    const answer = await post(site, own, { visibility, public_name: 'Ada', reason: 'R.' });
    assert.equal(answer.status, 303, visibility);
    const [row] = await stored(site);
    assert.equal(row?.visibility, visibility);
    assert.equal(row.public_name, visibility === 'public' ? 'Ada' : null);
  }
  assert.equal((await stored(site))[0]?.sealed, null);
});

test('who is visible to everybody may stay so when the petition offers it no more', async (t) => {
  const site = await startSite(t);
  await petitionWith(site, {});
  const own = await signedAndConfirmed(site, { visibility: 'public' });
  await site.db.query(
    `UPDATE petitions SET visibilities = '{anonymous}', asks_place = false WHERE slug = $1`,
    [SLUG],
  );
  const sent = {
    visibility: 'public',
    public_name: 'Ada',
    public_place: 'Uppsala',
    reason: 'New.',
  };
  assert.equal((await post(site, own, sent)).status, 303);
  const [row] = await stored(site);
  assert.deepEqual([row?.public_name, row?.public_place, row?.reason], ['Ada', null, 'New.']);
});

test('a form says which sender and subject its mail will have', async (t) => {
  const site = await startSite(t);
  await petitionWith(site, { mail_sender: 'Friends & library', mail_subject: 'Our library' });
  const page = await pageOf(site);
  assert.match(page, /The e-mail comes from “Friends &amp; library”\. The subject of the e-mail/);
  assert.match(page, /Anyone who can see your inbox can read that/);
  await savedPetition(site, { slug: 'plain' });
  const plain = await (await get(site, '/en/petitions/plain')).text();
  assert.doesNotMatch(plain, /Anyone who can see your inbox/);
});
