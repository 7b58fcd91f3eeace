#include "reports/html_assets.hpp"

namespace dialtone {

// Neither '<' nor '&' (html_assets.hpp). It never makes markup of text: what it changes are
// attributes, classes and textContent.
const std::string_view kHtmlScript = R"js(
"use strict";
(() => {
  const form = document.getElementById("filter");
  const search = document.getElementById("search");
  const shown = document.getElementById("shown");
  const boxes = [...form.querySelectorAll("input[name=verdict]")];
  const scenarios = [...document.querySelectorAll("article.scenario")];
  const rows = [...document.querySelectorAll("tr[data-of]")];
  const texts = new Map();
  const places = new Map(scenarios.map((article, place) => [article, place]));
  let current = -1;

  const plain = (text) => text.toLowerCase().replace(/\s+/g, " ").trim();

  // What a scenario's section says, once; it may be large.
  function textOf(article) {
    if (!texts.has(article)) texts.set(article, plain(article.textContent));
    return texts.get(article);
  }

  function setHidden(element, hidden) {
    element.toggleAttribute("data-hidden", hidden);
  }

  function apply() {
    const verdicts = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    const phrase = plain(search.value);
    const visible = new Set();
    for (const article of scenarios) {
      const wanted = verdicts.has(article.dataset.verdict)
        ? textOf(article).includes(phrase) : false;
      setHidden(article, !wanted);
      if (wanted) visible.add(article.id);
    }
    for (const row of rows) setHidden(row, !visible.has(row.dataset.of));
    for (const group of document.querySelectorAll(".catalogue tbody, section.suite")) {
      setHidden(group, !group.querySelector("[data-verdict]:not([data-hidden])"));
    }
    shown.textContent = visible.size === scenarios.length
      ? `all ${scenarios.length} shown` : `${visible.size} of ${scenarios.length} shown`;
  }

  function showAll() {
    search.value = "";
    for (const box of boxes) box.checked = true;
    apply();
  }

  // What is scrolled to must not lie under the filter, which stays at the top.
  function makeRoom() {
    const sticky = getComputedStyle(form).position === "sticky";
    document.documentElement.style.scrollPaddingTop = `${sticky ? form.offsetHeight + 8 : 8}px`;
  }

  // The section that a fragment names, percent-encoded or not.
  function targetOf(fragment) {
    const name = fragment.slice(1);
    const found = document.getElementById(name);
    if (found) return found;
    try { return document.getElementById(decodeURIComponent(name)); } catch { return null; }
  }

  function visit(article) {
    if (article.hasAttribute("data-hidden")) showAll();
    article.querySelector("details").open = true;
    current = places.get(article);
    article.focus({ preventScroll: true });
    article.scrollIntoView({ block: "start" });
  }

  function followLink() {
    const target = location.hash.length > 1 ? targetOf(location.hash) : null;
    if (target === null) return;
    if (target.matches("article.scenario")) visit(target);
  }

  function move(by) {
    const list = scenarios.filter((article) => !article.hasAttribute("data-hidden"));
    if (list.length === 0) return;
    const inside = document.activeElement.closest("article.scenario");
    if (inside) current = places.get(inside);
    const next = by > 0 ? list.find((article) => places.get(article) > current)
      : list.findLast((article) => current > places.get(article));
    const article = next ?? (by > 0 ? list.at(-1) : list[0]);
    current = places.get(article);
    article.focus({ preventScroll: true });
    article.scrollIntoView({ block: "nearest" });
  }

  function toggle() {
    const inside = document.activeElement.closest("article.scenario");
    if (inside === null) return false;
    const details = inside.querySelector("details");
    details.open = !details.open;
    return true;
  }

  function press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") {
      showAll();
      search.blur();
      return;
    }
    if (event.target.matches("input[type=search]")) {
      if (event.key === "Enter") { event.preventDefault(); move(1); }
      return;
    }
    if (event.key === "/") { event.preventDefault(); search.focus(); search.select(); }
    if (event.key === "j") move(1);
    if (event.key === "k") move(-1);
    if (event.key === "o") toggle();
  }

  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", apply);
  document.addEventListener("keydown", press);
  addEventListener("hashchange", followLink);
  addEventListener("resize", makeRoom);
  makeRoom();
  apply();
  followLink();
})();
)js";

}  // namespace dialtone
