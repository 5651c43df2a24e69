import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAIL_KINDS } from '../../src/features/signatures/signature.ts';
import { loadTranslations } from '../../src/i18n/load.ts';
import { LOCALES } from '../../src/i18n/locales.ts';
import { renderMail } from '../../src/mail/templates.ts';

const locals = {
  code: 'c'.repeat(52),
  site: 'upprop.example',
  confirmation: 'https://upprop.example/en/signatures/a/confirmation?x=1&y="<b>',
  signature: 'https://upprop.example/en/signatures/b',
};

const translations = await loadTranslations();

for (const kind of MAIL_KINDS) {
  for (const locale of LOCALES) {
    test(`${kind} is whole in ${locale}`, async () => {
      const { subject, text, html } = await renderMail(translations, kind, locale, locals);

      assert.doesNotMatch(subject, /petition|upprop|namn|sign|подпис|петици/i);
      assert.doesNotMatch(subject + text + html, /mail:|\{\{|undefined/);
      assert.match(html, new RegExp(`<html lang="${locale}">`));
      assert.ok(text.includes(locals.signature) && html.includes(`href="${locals.signature}"`));
      assert.doesNotMatch(html, /<b>|\bsrc=|url\(|<link|<img/);
      const links: string[] = text.match(/https?:\/\/\S+/g) ?? [];
      assert.equal(links.includes(locals.confirmation), kind === 'confirmation');
    });
  }
}
