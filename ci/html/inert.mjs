// Octets of a peer are text in a report, and nothing else.
import assert from 'node:assert/strict';

// The text of the page. Throws where an element, a handler or a control character is not the report's own.
export async function textOfOurMarkupOnly(page) {
  const state = await page.evaluate(() => ({
    scripts: document.scripts.length,
    styles: document.querySelectorAll('style').length,
    foreign: document.querySelectorAll('img, iframe, object, embed, link, base, textarea').length,
    handlers: [...document.body.querySelectorAll('*')].filter((element) =>
      [...element.attributes].some((attribute) => /^on|^style$|^src/.test(attribute.name))).length,
    text: document.body.textContent,
  }));
  assert.deepEqual([state.scripts, state.styles, state.foreign, state.handlers], [1, 1, 0, 0]);
  assert.ok(!/[\u202a-\u202e\u2066-\u2069\u200b\ufeff\0\u001b]/.test(state.text));
  return state.text;
}
