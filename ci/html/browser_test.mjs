// Opens the reports of a directory in Debian's Chromium, from file://, and looks at them: with
// checks.mjs at sample.html and hostile.html, with run_checks.mjs at run.html.
//   node ci/html/browser_test.mjs DIRECTORY [CHECKS]
// With DIALTONE_SCREENSHOTS=DIR in the environment it leaves pictures there, to be looked at.
// Exit code 77 where Chromium or the packages of package-lock.json are not installed: ci/deps.sh
// installs both. Run by reports_test and readers_test.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const CHROMIUM = '/usr/bin/chromium';
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];

function skip(reason) {
  console.log(`skipped: ${reason}`);
  process.exit(77);
}

if (!existsSync(CHROMIUM)) skip(`${CHROMIUM} is not installed (ci/deps.sh)`);
const { chromium } = await import('playwright-core').catch(() => skip('playwright-core is not installed (ci/deps.sh)'));
const { source: axe } = await import('axe-core').then((axe) => axe.default)
  .catch(() => skip('axe-core is not installed (ci/deps.sh)'));
const checks = await import(process.argv[3] ?? './checks.mjs');

const directory = resolve(process.argv[2]);
const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });  // a profile of its own, new

// Opens a report in a context of its own, and watches it: `seen` is what must not happen.
async function openReport(contexts, name, hash = '', { watched = true, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  const page = await context.newPage();
  page.seen = { watched, requests: [], complaints: [] };
  page.on('request', (request) => page.seen.requests.push(request.url()));
  page.on('dialog', (dialog) => { page.seen.complaints.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on('pageerror', (error) => page.seen.complaints.push(`error: ${error.message}`));
  page.on('console', (message) => page.seen.complaints.push(`console: ${message.text()}`));
  page.on('popup', () => page.seen.complaints.push('a window was opened'));
  await page.addInitScript(() => {
    window.violations = [];
    addEventListener('securitypolicyviolation', (event) => window.violations.push(event.effectiveDirective));
  });
  contexts.push({ context, page, options });
  await page.goto(pathToFileURL(join(directory, name)).href + hash);
  return page;
}

async function judge({ context, page, options }) {
  if (page.seen.watched) {
    assert.deepEqual(page.seen.complaints, []);
    const foreign = page.seen.requests.filter((url) => !url.startsWith('file:'));
    assert.deepEqual(foreign, []);
    assert.equal(page.seen.requests.length, 1, page.seen.requests.join());
    if (options.javaScriptEnabled !== false)
      assert.deepEqual(await page.evaluate(() => window.violations), []);
  }
  await context.close();
}

let failures = 0;
for (const [name, check] of Object.entries(checks)) {
  const contexts = [];
  try {
    await check((...args) => openReport(contexts, ...args), axe, directory);
    for (const opened of contexts) await judge(opened);
    console.log(`ok ${name}`);
  } catch (error) {
    ++failures;
    console.log(`FAILED ${name}: ${error.stack}`);
  }
}

async function takePictures(into) {
  for (const name of ['sample', 'hostile', 'run'].filter((one) => existsSync(join(directory, `${one}.html`)))) {
    for (const look of ['light', 'dark', 'print', 'narrow']) {
      const context = await browser.newContext({ colorScheme: look === 'dark' ? 'dark' : 'light',
        viewport: { width: look === 'narrow' ? 400 : 1200, height: 900 } });
      const page = await context.newPage();
      await page.goto(pathToFileURL(join(directory, `${name}.html`)).href);
      if (look === 'print') await page.emulateMedia({ media: 'print' });
      await page.screenshot({ path: join(into, `${name}-${look}.png`), fullPage: true });
      if (look === 'print') await page.pdf({ path: join(into, `${name}.pdf`), format: 'A4' });
      await context.close();
    }
  }
}
if (process.env.DIALTONE_SCREENSHOTS) await takePictures(process.env.DIALTONE_SCREENSHOTS);

await browser.close();
process.exit(failures === 0 ? 0 : 1);
