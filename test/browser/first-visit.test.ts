import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { openBrowser } from '../support/browser.ts';
import { startSite } from '../support/site.ts';
import { SLUG } from '../support/visitor.ts';

const KIB = 1024;

/** What a page has moved about by itself (web.dev's Cumulative Layout Shift), since it began. */
const layoutShift = `new Promise((resolve) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) sum += shift.value;
  }).observe({ type: 'layout-shift', buffered: true });
  requestAnimationFrame(() => setTimeout(() => resolve(sum), 100));
})`;

for (const [name, path] of [
  ['a petition', `/ru/petitions/${SLUG}`],
  ['the list of petitions', '/sv'],
] as const) {
  for (const viewport of [
    { width: 360, height: 740 },
    { width: 1280, height: 800 },
  ]) {
    test(`a first visit to ${name} is small and stays where it is, ${viewport.width} px wide`, async (t) => {
      const site = await startSite(t);
      const page = await openBrowser(t, { baseURL: site.url, viewport });
      const devtools = await page.context().newCDPSession(page);
      await devtools.send('Network.enable');
      let bytes = 0;
      devtools.on('Network.loadingFinished', ({ encodedDataLength }) => {
        bytes += encodedDataLength;
      });
      await page.goto(path, { waitUntil: 'load' });
      assert.equal(await page.evaluate(layoutShift), 0);
      assert.ok(bytes > 5 * KIB && bytes <= 60 * KIB, `${bytes} bytes`);

      const blocking = 'script[src]:not([type=module], [async], [defer])';
      assert.equal(await page.locator(blocking).count(), 0);
      const unsized = 'img:not([width][height])';
      assert.equal(await page.locator(unsized).count(), 0);
    });
  }
}

test('whoever comes back is told that nothing has changed', async (t) => {
  const site = await startSite(t);
  const page = await openBrowser(t, { baseURL: site.url });
  const path = `/en/petitions/${SLUG}`;
  await page.goto(path, { waitUntil: 'load' });

  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  const urls = new Map<string, string>();
  const statuses: Record<string, number> = {};
  devtools.on('Network.requestWillBeSent', ({ requestId, request }) => {
    urls.set(requestId, new URL(request.url).pathname);
  });
  // What came over the wire, before the browser puts the body out of its own cache in its place.
  devtools.on('Network.responseReceivedExtraInfo', ({ requestId, statusCode }) => {
    statuses[urls.get(requestId) ?? requestId] = statusCode;
  });
  await page.reload({ waitUntil: 'load' });
  for (const file of [path, '/site.css', '/site.js']) {
    assert.equal(await eventually(() => statuses[file], file), 304, file);
  }
});
