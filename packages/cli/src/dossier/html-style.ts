/** The page's style: nothing is fetched, and the reader's system chooses fonts, and light or dark. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --page: #fbfaf8; --panel: #ffffff; --text: #1d2329; --quiet: #55606b; --line: #dcdfe3; --code: #f0f1f3;
  --accent: #0b5c7a; --good: #1b6e3c; --open: #8a5a00; --bad: #b3261e;
  --good-back: #e8f4ec; --open-back: #fdf3dc; --bad-back: #fdeceb;
  --service: #e7f1f5; --service-line: #5b93aa; --store: #f3efe6; --store-line: #a8935c; --caller: #eeeaf6; --caller-line: #8674b3;
  --group: #f4f5f6; --edge: #6a7681;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14181c; --panel: #1b2026; --text: #e6e9ec; --quiet: #a3aeb8; --line: #343c45; --code: #262d35;
    --accent: #7cc4de; --good: #7fd19b; --open: #edc16a; --bad: #ff9b92;
    --good-back: #17301f; --open-back: #33290f; --bad-back: #3b1a18;
    --service: #1d3640; --service-line: #4d8ba3; --store: #332d1c; --store-line: #97814a; --caller: #2b2540; --caller-line: #7c6bb0;
    --group: #20262d; --edge: #8b97a2;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.55 system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; }
a { color: var(--accent); text-underline-offset: .15em; }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: .5rem; top: .5rem; background: var(--panel); padding: .5rem; z-index: 2; }
.layout { display: grid; grid-template-columns: 17rem minmax(0, 1fr); gap: 3rem; max-width: 88rem; margin: 0 auto; padding: 0 2rem; }
nav { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto; padding: 2rem 0; font-size: .875rem; }
nav ol { list-style: none; margin: 0; padding: 0; }
nav ol ol { margin: .15rem 0 .5rem; padding-left: .8rem; border-left: 1px solid var(--line); }
nav a { display: block; padding: .16rem 0; color: var(--quiet); text-decoration: none; overflow-wrap: anywhere; }
nav a:hover { color: var(--accent); text-decoration: underline; }
nav ol > li > a { font-weight: 400; }
nav .wide > ol > li > a, nav details > ol > li > a { color: var(--text); font-weight: 600; }
nav details { display: none; }
main { padding: 2rem 0 5rem; min-width: 0; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 1.25rem; letter-spacing: -.01em; overflow-wrap: anywhere; }
h2 { font-size: 1.5rem; line-height: 1.25; margin: 3.5rem 0 1rem; padding-top: 1rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.15rem; line-height: 1.3; margin: 2.25rem 0 .6rem; }
h4 { font-size: 1rem; line-height: 1.35; margin: 1.75rem 0 .4rem; }
h2, h3, h4 { overflow-wrap: anywhere; }
h2 a, h3 a, h4 a { color: inherit; text-decoration: none; }
h2 a:hover::after, h3 a:hover::after, h4 a:hover::after { content: " #"; color: var(--quiet); }
p { margin: .5rem 0 .9rem; max-width: 46rem; }
code, pre { font-family: ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace; font-size: .85em; }
code { background: var(--code); border-radius: 4px; padding: .1em .32em; overflow-wrap: anywhere; -webkit-box-decoration-break: clone; box-decoration-break: clone; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: .75rem; margin: 0; }
.facts > div { background: var(--panel); border: 1px solid var(--line); border-radius: 10px; padding: .7rem .9rem; }
.facts > .bad { border-color: var(--bad); background: var(--bad-back); }
.facts > .open { border-color: var(--open); background: var(--open-back); }
.facts dt { font-size: .75rem; color: var(--quiet); }
.facts dd { margin: .1rem 0 0; font-weight: 600; overflow-wrap: anywhere; }
.callout { border: 1px solid; border-left-width: 4px; border-radius: 8px; padding: .75rem 1rem; margin: 1rem 0; max-width: 60rem; }
.callout p { margin: .2rem 0 0; max-width: none; }
.callout.good { border-color: var(--good); background: var(--good-back); }
.callout.open { border-color: var(--open); background: var(--open-back); }
.callout.bad { border-color: var(--bad); background: var(--bad-back); }
table { border-collapse: collapse; width: 100%; margin: .75rem 0 1.25rem; font-size: .875rem; background: var(--panel); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { text-align: left; vertical-align: top; padding: .55rem .75rem; border-bottom: 1px solid var(--line); overflow-wrap: break-word; }
thead th { font-size: .8rem; font-weight: 600; color: var(--quiet); background: var(--group); white-space: nowrap; }
tbody th { font-weight: 600; min-width: 7rem; }
tbody tr:last-child > * { border-bottom: 0; }
tr.bad { background: var(--bad-back); }
tr.open { background: var(--open-back); }
tr.bad td:last-child { color: var(--bad); font-weight: 600; }
td:empty::after { content: "–"; color: var(--quiet); }
.steps { margin: .5rem 0 1rem; padding-left: 1.6rem; }
.steps > li { margin: .6rem 0; padding-left: .2rem; }
.steps > li::marker { color: var(--quiet); font-weight: 600; }
.steps p { margin: 0 0 .35rem; }
pre { margin: .35rem 0; padding: .65rem .85rem; background: var(--code); border-radius: 8px; line-height: 1.5; white-space: pre-wrap; overflow-wrap: anywhere; }
pre code { background: none; padding: 0; font-size: .95em; display: block; padding-left: 1.2em; text-indent: -1.2em; }
pre.shell code::before { content: "$ "; color: var(--quiet); user-select: none; }
figure { margin: 1.25rem 0 1.75rem; }
figcaption { font-size: .875rem; font-weight: 600; margin-bottom: .5rem; }
.frame { overflow-x: auto; background: var(--panel); border: 1px solid var(--line); border-radius: 12px; padding: .5rem; }
svg.diagram { display: block; width: 100%; height: auto; margin: 0 auto; font-family: system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; }
svg .group rect { fill: var(--group); stroke: var(--line); }
svg text { fill: var(--text); text-anchor: middle; }
svg .group-name { text-anchor: start; font-size: 12px; font-weight: 600; fill: var(--quiet); }
svg .name { font-size: 13px; font-weight: 600; }
svg .detail { font-size: 12px; fill: var(--quiet); }
svg .service rect { fill: var(--service); stroke: var(--service-line); }
svg .store rect { fill: var(--store); stroke: var(--store-line); }
svg .caller rect { fill: var(--caller); stroke: var(--caller-line); }
svg .edge { fill: none; stroke: var(--edge); stroke-width: 1.4; }
svg .edge.bad { stroke: var(--bad); stroke-width: 2.2; stroke-dasharray: 6 4; }
svg .edge.open { stroke: var(--open); stroke-dasharray: 6 4; }
svg .head { fill: var(--edge); }
svg .head.bad { fill: var(--bad); }
svg .head.open { fill: var(--open); }
svg .edge-label rect { fill: var(--group); opacity: .92; }
svg .edge-name { font-size: 11px; fill: var(--quiet); }
svg .edge-label.bad .edge-name { fill: var(--bad); font-weight: 600; }
footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--quiet); font-size: .875rem; }
@media (max-width: 72rem) {
  .layout { display: block; padding: 0 1.25rem; }
  nav { position: static; max-height: none; padding: 1rem 0 0; }
  nav .wide { display: none; }
  nav details { display: block; }
  nav summary { cursor: pointer; padding: .6rem .8rem; border: 1px solid var(--line); border-radius: 8px; background: var(--panel); font-weight: 600; }
  nav > details > ol { padding: .6rem .8rem; }
  nav a { padding: .4rem 0; }
  main { padding-top: 1.5rem; }
}
@media screen and (max-width: 54rem) {
  body { font-size: 1rem; }
  h1 { font-size: 1.6rem; }
  h2 { margin-top: 2.5rem; }
  .facts { grid-template-columns: 1fr 1fr; }
  table, tbody, tr, th, td { display: block; width: 100%; }
  table { background: none; border: 0; border-radius: 0; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tbody tr { background: var(--panel); border: 1px solid var(--line); border-radius: 10px; padding: .5rem .85rem; margin-bottom: .7rem; }
  tbody th, tbody td { padding: .3rem 0; border: 0; overflow-wrap: anywhere; }
  tbody th { font-size: .95rem; }
  tbody td::before { content: attr(data-label); display: block; font-size: .72rem; color: var(--quiet); font-weight: 400; }
  tbody td:empty { display: none; }
  .frame { margin: 0 -.5rem; }
  svg.diagram { margin: 0; }
}
@media screen and (max-width: 34rem) {
  .facts { grid-template-columns: 1fr; gap: .4rem; }
  .facts > div { display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); align-items: baseline; padding: .5rem .85rem; }
  .facts dd { margin: 0; font-size: .95rem; }
}
@media print {
  :root { color-scheme: light; --page: #fff; --panel: #fff; --text: #000; --quiet: #444; --line: #bbb; --code: #f3f3f3; --group: #f6f6f6; }
  body { font-size: 10pt; }
  .layout { display: block; max-width: none; padding: 0; }
  nav, .skip { display: none; }
  table { font-size: 8.5pt; }
  th, td { padding: .3rem .45rem; overflow-wrap: anywhere; }
  tbody th { min-width: 0; }
  h2, h3, h4 { break-after: avoid; }
  h2 { break-before: page; border: 0; }
  h2:first-of-type { break-before: auto; }
  tr, .callout, .steps > li, figure { break-inside: avoid; }
  .frame { border: 0; overflow: visible; }
  svg.diagram { min-width: 0 !important; }
  a { color: inherit; text-decoration: none; }
}
`;
