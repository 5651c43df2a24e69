import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MILESTONE_NAMES } from '../../src/features/milestones/milestone.ts';
import { MEMBER_ROLES } from '../../src/features/members/member.ts';
import { loadTranslations } from '../../src/i18n/load.ts';
import { LOCALES } from '../../src/i18n/locales.ts';
import { renderMail } from '../../src/mail/templates.ts';

const MAILS: [template: string, values: Record<string, string>][] = [
  ['invitation', {}],
  ['member_removed', {}],
  ['destruction_announced', { day: '23 May 2027' }],
  ['signatures_destroyed', { day: '23 May 2027' }],
  ...MEMBER_ROLES.map((role): [string, Record<string, string>] => ['member_role', { role }]),
  ...Object.values(MILESTONE_NAMES).map((name): [string, Record<string, string>] => [
    'milestone',
    { name, percent: '10%', signatures: '1,000' },
  ]),
];

const link = 'https://upprop.example/en/workspace?x=1&y="<b>';

const translations = await loadTranslations();

for (const [template, values] of MAILS) {
  test(`${[template, ...Object.values(values)].join(' ')} is whole in each language`, async () => {
    for (const locale of LOCALES) {
      const title = 'Bread & $t(mail:invitation.how) {{x}} <b>roses</b>';
      const mail = await renderMail(translations, template, locale, { ...values, title, link });
      assert.doesNotMatch(mail.subject, /petition|upprop|namn|sign|roses|подпис|петици/i);
      assert.doesNotMatch(mail.subject + mail.text, /mail:(?!invitation\.how)|undefined/);
      assert.ok(mail.text.includes(title) && mail.text.includes(link));
      assert.doesNotMatch(mail.html, /<b>|\bsrc=|<img/);
      assert.match(mail.html, /Bread &amp; \$t\(mail:invitation\.how\)/);
      for (const value of [values.percent, values.signatures, values.day]) {
        assert.ok(value === undefined || mail.text.includes(value));
      }
    }
  });
}
