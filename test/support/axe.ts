import assert from 'node:assert/strict';

import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];

/**
 * WCAG 2.2 AA, and AAA for the contrast of text.
 * Needs JavaScript in the page. A Content-Security-Policy does not hinder it.
 */
export async function assertAccessible(page: Page): Promise<void> {
  const axe = new AxeBuilder({ page }).options({
    runOnly: TAGS,
    rules: { 'color-contrast-enhanced': { enabled: true } },
  });
  axe.setLegacyMode(true); // the other mode opens a page of its own to put frames together
  // Forced colours are the visitor's own, and axe takes the page's for them.
  if (await page.evaluate<boolean>("matchMedia('(forced-colors: active)').matches")) {
    axe.disableRules(['color-contrast', 'color-contrast-enhanced']);
  }
  const { violations } = await axe.analyze();

  const found = violations.map(({ id, help, nodes }) =>
    [`${id}: ${help}`, ...nodes.map(({ target }) => `  ${target.flat().join(' ')}`)].join('\n'),
  );
  assert.ok(found.length === 0, `${page.url()} is not accessible\n${found.join('\n')}`);
}
