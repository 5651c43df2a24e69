import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readForm } from '../../../src/forms/form.ts';
import { CodeForm, OwnSignatureForm, SignForm } from '../../../src/features/signatures/schema.ts';
import { ada } from '../../support/visitor.ts';

/** What is wrong with each field of Ada's form, after the changes. */
function errorsOf(changes: Record<string, unknown>): Record<string, string> {
  const { form } = readForm(SignForm, { ...ada, ...changes });
  return Object.fromEntries(Object.entries(form.errors).map(([name, { key }]) => [name, key]));
}

test('a whole form is accepted, and empty fields become nothing', () => {
  const { data } = readForm(SignForm, { ...ada, place: ' ', postal_code: '', reason: '\r\n' });
  assert.ok(data);
  assert.deepEqual([data.place, data.postal_code, data.reason], [null, null, null]);
});

test('every missing field is named, in the order of the form', () => {
  const { form } = readForm(SignForm, {});
  assert.deepEqual(Object.keys(form.errors), ['name', 'email', 'country', 'visibility', 'consent']);
  assert.equal(form.errors.email?.key, 'validation:email.required');
});

test('a name that nobody may see is not asked for', () => {
  assert.deepEqual(errorsOf({ name: '', visibility: 'secret' }), {});
  assert.deepEqual(errorsOf({ name: ' ' }), { name: 'validation:name.required' });
  assert.deepEqual(errorsOf({ name: '', email: '' }), {
    name: 'validation:name.required',
    email: 'validation:email.required',
  });
});

test('addresses in every script are welcome', () => {
  const addresses = [
    'ada@example.org',
    'åsa@example.se',
    'a@exempel.рф',
    'имя@почта.рф',
    "o'neil+news@sub.example.co.uk",
    'a.b-c_d@xn--e1afmkfd.xn--p1ai',
  ];
  for (const email of addresses) assert.deepEqual(errorsOf({ email }), {}, email);
});

test('what is no address is refused', () => {
  const addresses = [
    'ada',
    'ada@',
    '@example.org',
    'ada@localhost',
    'ada@example..org',
    'ada@-example.org',
    'ada..b@example.org',
    '.ada@example.org',
    'ada.@example.org',
    'a b@example.org',
    'ada@exam ple.org',
    'ada@example.org, bob@example.org',
    'ada@example.org\nBcc: bob@example.org',
    'Ada <ada@example.org>',
    'ada@[127.0.0.1]',
    'ada@127.0.0.1',
    'ada@bob@example.org',
    'ada@gmail.com/x.evil.example',
    'ada@gmail.com#x.evil.example',
    'ada@gmail%2ecom',
    'ada@gm\tail.com',
    `${'a'.repeat(65)}@example.org`,
    'ada\0@example.org',
    'ad\ufffda@example.org',
  ];
  for (const email of addresses) {
    assert.deepEqual(errorsOf({ email }), { email: 'validation:email.invalid' }, email);
  }
});

test('a name or a reason that is a link is refused', () => {
  const links = [
    'https://example.org',
    'see www.example.org now',
    'example.org/petition',
    'example.org',
    'go to evil.com now',
    'evil.com:8080?x=1',
    't.me/joinchat',
    'пример.рф',
    'mail me: ada@example.org',
    'javascript://x',
  ];
  for (const link of links) {
    assert.deepEqual(errorsOf({ reason: link }), { reason: 'validation:link' }, link);
    assert.deepEqual(errorsOf({ name: link }), { name: 'validation:link' }, link);
  }
});

test('plain words with full stops are no link', () => {
  const texts = ['No more.We want peace', 'A.B. Ada', 'т.е. мы все', 'and/or', 'a 3.5 of 5'];
  texts.push('J.Smith', 'Dr.Anna', 'St.Gallen', 'war.Peace/now', 'done.Me too');
  for (const reason of texts) {
    assert.deepEqual(errorsOf({ reason, name: reason }), {}, reason);
  }
});

test('characters that hide or turn text are refused', () => {
  const hidden = [
    'a\u3164b',
    'a\u2800b',
    `a${'\u0301'.repeat(6)}`,
    'a\u{e0041}b',
    'a\0b',
    'a\u202eb',
    'a\u2066b',
    'a\u200bb',
    'a\u0007b',
    'a\ufffdb',
    'a\u2028b',
  ];
  for (const text of hidden) {
    assert.deepEqual(errorsOf({ name: text, reason: text }), {
      name: 'validation:forbidden_characters',
      reason: 'validation:forbidden_characters',
    });
  }
  assert.deepEqual(errorsOf({ name: '\u200c' }), { name: 'validation:name.required' });
  assert.deepEqual(errorsOf({ name: '123' }), { name: 'validation:name.required' });
  assert.deepEqual(errorsOf({ name: 'a\nb' }), { name: 'validation:forbidden_characters' });
});

test('line breaks, joiners and flags in a reason are fine', () => {
  const reason = 'One\r\n\r\nTwo 👩‍👩‍👧 🏴󠁧󠁢󠁳󠁣󠁴󠁿 می‌خواهم';
  const { data } = readForm(SignForm, { ...ada, reason });
  assert.equal(data?.reason, reason.replaceAll('\r\n', '\n'));
});

test('too long, unknown, repeated and nested fields are refused', () => {
  assert.deepEqual(errorsOf({ name: 'a'.repeat(101) }), { name: 'validation:too_long' });
  assert.deepEqual(errorsOf({ reason: 'a'.repeat(1001) }), { reason: 'validation:too_long' });
  assert.deepEqual(errorsOf({ reason: 'a\n'.repeat(31) + 'a' }), {
    reason: 'validation:too_many_lines',
  });
  assert.deepEqual(errorsOf({ country: 'ZZ' }), { country: 'validation:country.required' });
  assert.deepEqual(errorsOf({ country: '__proto__' }), { country: 'validation:country.required' });
  assert.deepEqual(errorsOf({ visibility: 'all' }), {
    visibility: 'validation:visibility.required',
  });
  assert.deepEqual(errorsOf({ name: ['Ada', 'Bob'] }), { name: 'validation:unreadable' });
  assert.deepEqual(errorsOf({ reason: { a: '1' } }), { reason: 'validation:unreadable' });
  assert.deepEqual(errorsOf({ consent: 'no' }), { consent: 'validation:consent.required' });
});

test('only text of the form itself comes back as typed', () => {
  const { form } = readForm(SignForm, { name: 'Ada', email: ['a', 'b'], is_admin: 'on' });
  assert.deepEqual(form.values, { name: 'Ada' });
});

test('a shown name is needed only where it is shown', () => {
  const blank = { visibility: 'anonymous', public_name: '', public_place: '', reason: '' };
  assert.ok(readForm(OwnSignatureForm, blank).data);
  const { form } = readForm(OwnSignatureForm, { ...blank, visibility: 'public' });
  assert.equal(form.errors.public_name?.key, 'validation:name.required');
});

test('a code is found in whatever was pasted', () => {
  const code = 'A'.repeat(32) + '_-'.repeat(16);
  for (const pasted of [code, ` ${code}\n`, `${code.slice(0, 30)}\r\n ${code.slice(30)}`]) {
    assert.equal(readForm(CodeForm, { code: pasted }).data?.code, code);
  }
  const link = `https://example.org/en/signatures/${code}/confirmation`;
  assert.equal(readForm(CodeForm, { code: link }).data?.code, code);
});
