// What browser_test.mjs looks at in run.html, the report of readers_test's run of a real server. Each
// check throws where the report is not as it should be.
import assert from 'node:assert/strict';

import { textOfOurMarkupOnly } from './inert.mjs';

export async function showsEachVerdict(open) {
  const page = await open('run.html', '#readers/R-6');
  const shown = await page.evaluate(() => [...document.querySelectorAll('article.scenario')]
    .map((article) => `${article.id} ${article.dataset.verdict}${article.querySelector('strong')?.textContent.trim() === 'flaky' ? ' flaky' : ''}`));
  assert.deepEqual(shown, ['R-1 fail', 'R-2 warn', 'R-3 pass', 'R-4 known', 'R-5 skip', 'R-6 pass flaky', 'R-7 error']
    .map((one) => `readers/${one}`));
  assert.equal(await page.evaluate(() => document.activeElement.id), 'readers/R-6');
  assert.equal(await page.locator('article.scenario:target > details').getAttribute('open'), '');
}

export async function hostileOctetsStayText(open) {
  const page = await open('run.html');
  const text = await textOfOurMarkupOnly(page);
  for (const octets of ['\\x00\\x1b[2J\\u{202e}\\xff<script>x</script>]]>|`@octocat',
    '\\n...\\nok 9 - x\\n::error::x\\n##[error]x\\n```\\n', '<b>bold</b> | ` @octocat', '<i>mine</i>', '<u>4</u>'])
    assert.ok(text.includes(octets), octets);
}
