// What browser_test.mjs looks at. Each check throws where the report is not as it should be.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { textOfOurMarkupOnly } from './inert.mjs';

const visibleIds = (page) => page.evaluate(() => [...document.querySelectorAll('article.scenario')]
  .filter((article) => article.checkVisibility()).map((article) => article.id));
const visibleRows = (page) => page.evaluate(() => [...document.querySelectorAll('tr[data-of]')]
  .filter((row) => row.checkVisibility()).map((row) => row.dataset.of));
const focused = (page) => page.evaluate(() => document.activeElement.id);

const SAMPLES = 'article.samples/ART-';
const LISTENER = 'article.listener/ART-';

export async function opens(open) {
  const page = await open('sample.html');
  assert.equal((await visibleIds(page)).length, 6);
  assert.equal(await page.locator('#filter').isVisible(), true);
  assert.equal(await page.locator('#shown').textContent(), 'all 6 shown');
}

export async function filtersByVerdict(open) {
  const page = await open('sample.html');
  await page.locator('input[value=pass]').uncheck();
  await page.locator('input[value=skip]').uncheck();
  const left = ['09', '11', '12'].map((number) => SAMPLES + number).concat(`${LISTENER}37`);
  assert.deepEqual(await visibleIds(page), left);
  assert.deepEqual((await visibleRows(page)).sort(), left.sort());
  assert.equal(await page.locator('#shown').textContent(), '4 of 6 shown');
}

export async function searches(open) {
  const page = await open('sample.html');
  await page.locator('#search').fill('BA DD ba');  // octets in hex, in any case
  assert.deepEqual(await visibleIds(page), [`${SAMPLES}09`]);
  await page.locator('#search').fill('ticket 431');
  assert.deepEqual(await visibleIds(page), [`${SAMPLES}12`]);
  await page.locator('#search').fill('no such word');
  assert.deepEqual(await visibleRows(page), []);
}

export async function followsDeepLinks(open) {
  const page = await open('sample.html', `#${LISTENER}36`);
  const article = page.locator(`[id="${LISTENER}36"]`);
  assert.equal(await article.locator('details').first().getAttribute('open'), '');
  assert.equal(await focused(page), `${LISTENER}36`);
  const top = await article.evaluate((element) => element.getBoundingClientRect().top);
  const covered = await page.locator('#filter').evaluate((form) => form.getBoundingClientRect().bottom);
  assert.ok(top >= covered - 1 && top < 800, `at ${top}, below ${covered}`);
}

export async function aLinkShowsWhatTheFilterHid(open) {
  const page = await open('sample.html');
  await page.locator('input[value=pass]').uncheck();
  await page.evaluate((hash) => { location.hash = hash; }, `#${SAMPLES}10`);
  await page.waitForFunction((id) => document.activeElement.id === id, `${SAMPLES}10`);
  assert.equal((await visibleIds(page)).length, 6);
}

export async function keysWork(open) {
  const page = await open('sample.html');
  await page.keyboard.press('j');
  assert.equal(await focused(page), `${SAMPLES}09`);
  await page.keyboard.press('j');
  assert.equal(await focused(page), `${SAMPLES}10`);
  const details = page.locator(`[id="${SAMPLES}10"] > details`);
  await page.keyboard.press('o');
  assert.equal(await details.getAttribute('open'), '');
  await page.keyboard.press('k');
  assert.equal(await focused(page), `${SAMPLES}09`);
  await page.keyboard.press('/');
  assert.equal(await focused(page), 'search');
  await page.keyboard.type('jk/');  // is text there
  assert.equal(await page.locator('#search').inputValue(), 'jk/');
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('#search').inputValue(), '');
  assert.equal((await visibleIds(page)).length, 6);
}

export async function isReadableWithoutScripts(open) {
  const page = await open('sample.html', '', { javaScriptEnabled: false });
  assert.equal(await page.locator('#filter').isVisible(), false);
  assert.equal(await page.locator('article.scenario').count(), 6);
  assert.equal(await page.locator(`[id="${SAMPLES}09"] svg`).isVisible(), true);
}

export async function isReadableWithoutStyles(open) {
  const page = await open('sample.html');
  await page.evaluate(() => document.querySelector('style').remove());
  assert.equal(await page.locator(`[id="${SAMPLES}09"] svg`).isVisible(), true);
  const strokes = await page.evaluate(() => [...document.querySelectorAll('svg.ladder path[d*=L]')]
    .filter((path) => getComputedStyle(path).stroke === 'none' ? getComputedStyle(path).fill === 'none' : false).length);
  assert.equal(strokes, 0);
}

export async function hasDarkAndPrintStyles(open) {
  const ground = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const page = await open('sample.html');
  const light = await ground(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  assert.notEqual(await ground(page), light);
  await page.emulateMedia({ media: 'print' });
  assert.equal(await ground(page), 'rgb(255, 255, 255)');
  assert.equal(await page.locator('#filter').isVisible(), false);
}

export async function isAccessible(open, axe) {
  for (const colorScheme of ['light', 'dark']) {
    const page = await open('sample.html', '', { colorScheme });
    await page.evaluate(() => { for (const part of document.querySelectorAll('details')) part.open = true; });
    await page.evaluate(axe);
    const found = await page.evaluate(() => window.axe.run());
    const said = found.violations.map((one) => `${one.id}: ${one.help}: ${one.nodes.slice(0, 3).map((node) => node.html + ' ' + node.failureSummary)}`);
    assert.deepEqual(said, [], colorScheme);
    assert.ok(found.passes.length > 20);
  }
}

export async function fitsANarrowScreen(open) {
  const page = await open('sample.html', '', { viewport: { width: 360, height: 740 } });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 360, `${wide} pixels wide`);
}

export async function hostileOctetsStayText(open) {
  const page = await open('hostile.html');
  const text = await textOfOurMarkupOnly(page);
  assert.equal(await page.evaluate(() => window.pwned), undefined);
  for (const octets of ['</script><script>window.pwned=1</script>', '"><img src=x onerror="window.pwned=1">',
    ']]>--><!--<![CDATA[', '&lt;b&gt; &#x3c;script&#x3e; &amp;', '\\x00nul\\x01', '\\u{202e}gnp.exe'])
    assert.ok(text.includes(octets), octets);
  assert.equal(await page.locator('article.scenario').count(), 12);
  await page.locator('#search').fill('<script>window.pwned');
  const link = page.locator('.catalogue tr:not([data-hidden]) a').first();
  const id = (await link.getAttribute('href')).slice(1);
  await link.click();
  await page.waitForFunction((wanted) => document.activeElement.id === wanted, id);
  assert.equal(await page.locator('article.scenario:target > details').getAttribute('open'), '');
  assert.equal(await page.evaluate(() => window.pwned), undefined);
}

// Shows that what watches the other checks sees what it watches for, and what the policy is worth:
// markup that got in is stopped by it, and runs without it.
export async function thePolicyStopsWhatGotIn(open, axe, directory) {
  const whole = readFileSync(join(directory, 'sample.html'), 'utf8');
  const injected = whole.replace('<main>',
    '<main><script>window.pwned = 1</script><img src="http://127.0.0.1:9/x" onerror="window.pwned = 2"/>');
  assert.notEqual(injected, whole);
  const bare = injected.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '');
  assert.notEqual(bare, injected);
  writeFileSync(join(directory, 'injected.html'), injected);
  writeFileSync(join(directory, 'bare.html'), bare);

  const stopped = await open('injected.html', '', { watched: false });
  assert.equal(await stopped.evaluate(() => window.pwned), undefined);
  const violations = await stopped.evaluate(() => window.violations);
  assert.ok(violations.includes('script-src-elem') && violations.includes('img-src'), violations.join());

  const open_door = await open('bare.html', '', { watched: false });
  await open_door.waitForFunction(() => window.pwned === 2);
  assert.ok(open_door.seen.requests.some((url) => url.startsWith('http:')));
}
