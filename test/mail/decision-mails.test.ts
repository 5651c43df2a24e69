import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GROUNDS } from '../../src/features/decisions/decision.ts';
import { loadTranslations } from '../../src/i18n/load.ts';
import { LOCALES } from '../../src/i18n/locales.ts';
import { renderMail } from '../../src/mail/templates.ts';

const link = 'https://upprop.example/en/workspace?x=1&y="<b>';
const title = 'Bread & $t(mail:x) {{x}} <b>roses</b>';
const translations = await loadTranslations();

for (const template of [
  'draft_rejected',
  'rejection_undone',
  'petition_blocked',
  'petition_unblocked',
]) {
  test(`${template} is whole in each language, on every ground`, async () => {
    for (const locale of LOCALES) {
      for (const ground of GROUNDS) {
        for (const note of ['', 'One & <b>two</b>.\nThree.']) {
          const values = { ground, note, title, link };
          const { subject, text, html } = await renderMail(translations, template, locale, values);
          assert.doesNotMatch(subject, /petition|upprop|block|spärr|подпис|петици|roses/i);
          assert.doesNotMatch(text, /mail:(?!x)|decisions:|undefined|\n{3}/);
          assert.ok(text.includes(link) && !html.includes('<b>'));
          const tellsWhy = ['draft_rejected', 'petition_blocked'].includes(template);
          assert.equal(text.includes(translations[locale](`decisions:ground.${ground}`)), tellsWhy);
          assert.equal(text.includes('Three.'), tellsWhy && note !== '');
        }
      }
    }
  });
}
