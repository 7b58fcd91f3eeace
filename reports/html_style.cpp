#include "reports/html_assets.hpp"

namespace dialtone {

const std::string_view kHtmlStyle = R"css(
:root {
  color-scheme: light dark;
  --ground: #fbfbf9; --card: #ffffff; --ink: #1c2024; --faint: #5c646d; --line: #dcdfe3;
  --link: #0b57a4; --focus: #0b57a4; --code: #f2f3f1;
  --pass: #1a7037; --fail: #b3261e; --warn: #8a5a00; --error: #8e2a8b; --known: #35618e;
  --skip: #5c646d; --mark: #ffe08a; --mark-ink: #3a2a00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #15181b; --card: #1c2024; --ink: #e6e8ea; --faint: #a2abb4; --line: #363c43;
    --link: #8cc1ff; --focus: #8cc1ff; --code: #24292e;
    --pass: #6fd08c; --fail: #ff8a80; --warn: #f2be5c; --error: #e29be0; --known: #8fbde8;
    --skip: #a2abb4; --mark: #6b5200; --mark-ink: #ffedb8;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 68rem; padding: 0 1.25rem 4rem; background: var(--ground);
  color: var(--ink); font: 1rem/1.5 system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; }
a { color: var(--link); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 3px; }
.skip-link { position: absolute; left: -100rem; background: var(--card); padding: .5rem 1rem; }
.skip-link:focus { left: 1rem; top: 1rem; z-index: 9; }
header { padding: 2.25rem 0 .5rem; }
.kicker { margin: 0; color: var(--faint); letter-spacing: .06em; text-transform: uppercase;
  font-size: .8rem; font-weight: 600; }
h1 { margin: 0 0 .4rem; font-size: 2.1rem; line-height: 1.2; overflow-wrap: anywhere; }
h2 { margin: 2.5rem 0 .75rem; font-size: 1.4rem; }
h3 { margin: 2rem 0 .75rem; font-size: 1.1rem; }
h4 { display: inline; margin: 0; font-size: 1rem; font-weight: 500; }
h5 { margin: 1.4rem 0 .4rem; font-size: .95rem; }
h6 { margin: .7rem 0 .3rem; font-size: .85rem; color: var(--faint); }
small { color: var(--faint); font-weight: 400; font-size: .85em; }
nav a { margin-right: 1.1rem; }
.headline { margin: .4rem 0 .8rem; font-weight: 600; overflow-wrap: anywhere; }
section .headline { font-size: 1.02rem; }
.notice { border-left: 4px solid var(--warn); padding: .4rem .9rem; background: var(--card); }
code, pre, kbd, .hex, .text { font-family: ui-monospace, "SF Mono", "DejaVu Sans Mono",
  Consolas, monospace; font-size: .86rem; }
kbd { border: 1px solid var(--line); border-bottom-width: 2px; border-radius: 4px;
  padding: 0 .35em; background: var(--card); font-size: .8rem; }
pre { margin: 0; padding: .7rem .9rem; background: var(--code); border-radius: 6px;
  overflow: auto; max-height: 26rem; }
.bar { display: block; border-radius: 5px; margin: .25rem 0 1.25rem; }
.bar .pass { fill: var(--pass); } .bar .fail { fill: var(--fail); } .bar .warn { fill: var(--warn); }
.bar .error { fill: var(--error); } .bar .known { fill: var(--known); } .bar .skip { fill: var(--line); }
.facts { display: flex; flex-wrap: wrap; gap: .6rem 2.4rem; margin: .75rem 0 1.25rem; }
.facts div { max-width: 100%; }
.facts dt, .values dt { color: var(--faint); font-size: .8rem; }
.facts dd, .values dd { margin: 0; overflow-wrap: anywhere; }
.values dd { font-family: ui-monospace, "DejaVu Sans Mono", Consolas, monospace; font-size: .86rem;
  margin-bottom: .4rem; }
.columns table { margin-bottom: 1.5rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
caption { text-align: left; color: var(--faint); font-size: .85rem; padding: 0 0 .4rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .9rem .4rem 0;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; font-weight: 400; }
thead th { color: var(--faint); font-size: .8rem; font-weight: 600; overflow-wrap: normal; }
.number { text-align: right; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
.none { color: var(--faint); }
.totals { width: auto; } .totals td, .totals th { overflow-wrap: normal; padding-right: 1.8rem; }
.suites { min-width: 34rem; } .suites th small { margin-left: .6em; }
.catalogue { min-width: 48rem; }
.catalogue .group th { padding-top: 1.3rem; font-weight: 700; }
.catalogue td:nth-child(1), .catalogue td:nth-child(4) { white-space: nowrap; }
.catalogue tbody th[scope=row] { min-width: 5.5rem; max-width: 12rem; font-weight: 600; }
.catalogue td:nth-child(3) { min-width: 16rem; } .catalogue td:nth-child(6) { min-width: 14rem; }
.catalogue .suite { display: block; }
.verdict { display: inline-block; white-space: nowrap; font-weight: 600; font-size: .88rem; }
.verdict .sign { display: inline-block; width: 1.35em; height: 1.35em; line-height: 1.35em;
  margin-right: .15em; border-radius: 50%; text-align: center; color: var(--card);
  background: currentColor; font-size: .85em; }
.verdict .sign { background: var(--tone); } .verdict { color: var(--tone); }
.pass { --tone: var(--pass); } .fail { --tone: var(--fail); } .warn { --tone: var(--warn); }
.error { --tone: var(--error); } .known { --tone: var(--known); } .skip { --tone: var(--skip); }
#filter { position: sticky; top: 0; z-index: 5; display: flex; flex-wrap: wrap;
  align-items: center; gap: .4rem .9rem; margin: 2rem -1.25rem 0; padding: .7rem 1.25rem;
  background: var(--ground); border-bottom: 1px solid var(--line); }
@media (max-width: 48rem) { #filter { position: static; } }
#filter[hidden] { display: none; }
#search { flex: 1 1 16rem; font: inherit; padding: .35rem .7rem; color: inherit;
  background: var(--card); border: 1px solid var(--faint); border-radius: 6px; }
fieldset { display: flex; flex-wrap: wrap; gap: .2rem .9rem; border: 0; margin: 0; padding: 0; }
legend { float: left; margin-right: .9rem; padding: 0; color: var(--faint); }
fieldset label { display: inline-flex; align-items: center; gap: .3rem; white-space: nowrap;
  cursor: pointer; }
fieldset input { margin: 0; width: 1rem; height: 1rem; accent-color: var(--link); }
.count { color: var(--faint); }
#shown { color: var(--faint); font-size: .88rem; }
.keys { margin: 0; color: var(--faint); font-size: .82rem; }
.legend { max-width: 46rem; color: var(--faint); font-size: .88rem; }
.scenario { margin: 0 0 .6rem; background: var(--card); border: 1px solid var(--line);
  border-left: 4px solid var(--tone); border-radius: 6px; overflow-wrap: anywhere; }
.scenario:target { outline: 3px solid var(--focus); outline-offset: 1px; }
.scenario > details { padding: 0 1.1rem; }
.scenario > details[open] { padding-bottom: 1.1rem; }
.scenario > details > summary { margin: 0 -1.1rem; padding: .55rem 1.1rem; cursor: pointer; }
.scenario .id { margin: 0 .5rem 0 .35rem; font-weight: 700; }
.events, .plain { margin-top: .8rem; }
.events > summary, .plain > summary { cursor: pointer; color: var(--link); margin-bottom: .5rem; }
.steps { margin: 0; padding-left: 1.8rem; }
.steps li::marker { color: var(--faint); }
.here { color: var(--fail); white-space: nowrap; }
.hex, .text { vertical-align: top; }
.difference { width: auto; } .difference td { white-space: pre; overflow-wrap: normal; }
.difference th[scope=colgroup] { border-bottom: 0; color: var(--ink); font-size: .88rem; }
.difference tbody th { color: var(--faint); text-align: right; }
.difference .text { padding-right: 2rem; max-width: 16rem; overflow: hidden; }
mark { background: var(--mark); color: var(--mark-ink); border: 2px solid var(--mark-ink);
  border-radius: 4px; font-weight: 700; margin: 0 2px; padding: 0 1px; }
.differs { text-decoration: underline wavy var(--fail); text-underline-offset: .25em; }
.left-out td { color: var(--faint); font-style: italic; }
.events td.hex { min-width: 15rem; } .events td.text { min-width: 8rem; overflow: hidden; }
.events th, .events td:nth-child(3) { white-space: nowrap; }
.ladder { display: block; margin: 0 auto; min-width: 44rem; max-width: 100%; height: auto;
  font-family: ui-monospace, "DejaVu Sans Mono", Consolas, monospace; }
.ladder .life { stroke: var(--faint); } .ladder .side { font-weight: 700; }
.ladder .time, .ladder .hex { fill: var(--faint); } .ladder .name { fill: var(--ink); }
.ladder g { color: var(--tone, currentColor); } .ladder .words { fill: var(--ink); }
.ladder .octets { --tone: var(--link); } .ladder .fin { --tone: var(--pass); }
.ladder .reset { --tone: var(--fail); } .ladder .silence { --tone: var(--warn); }
.ladder .open { --tone: var(--faint); } .ladder .note { --tone: var(--faint); }
.ladder .reset .words, .ladder .silence .words, .ladder .fin .words { fill: var(--tone);
  font-weight: 700; }
.ladder .note .words { font-style: italic; fill: var(--faint); }
.ladder .hex { font-size: 11.5px; } .ladder .ring { fill: var(--card); }
[data-hidden] { display: none; }
footer { margin-top: 3rem; color: var(--faint); font-size: .85rem; }
@media print {
  :root { --ground: #fff; --card: #fff; --ink: #000; --faint: #444; --line: #bbb; --link: #000;
    --code: #fff; --pass: #14602d; --fail: #9c1c15; --warn: #6d4700; --error: #702070;
    --known: #264a70; --skip: #444; --mark: #fff; --mark-ink: #000; color-scheme: light; }
  @page { margin: 14mm; }
  body { max-width: none; padding: 0; font-size: 9.5pt; print-color-adjust: exact; }
  #filter, nav, .skip-link, .plain, .events:not([open]) { display: none; }
  a { text-decoration: none; }
  header { padding-top: 0; }
  pre { max-height: none; white-space: pre-wrap; border: 1px solid var(--line); }
  .scroll { overflow: visible; }
  .catalogue, .ladder, .suites { min-width: 0; }
  .catalogue td:nth-child(3), .catalogue td:nth-child(6) { min-width: 0; }
  h2, h3, h5, caption, thead { break-after: avoid; }
  tr, svg, li { break-inside: avoid; }
}
)css";

}  // namespace dialtone
