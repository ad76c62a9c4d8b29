import type {
  Dossier,
  DossierContent,
  DossierStep,
  DossierTable,
  DossierDiagram,
} from '@manara/constructs';
import { type Anchored, anchored } from './anchors';
import { closed } from './closed';
import { pageStyle } from './html-style';
import { escapeHtml, textHtml } from './html-text';
import { svg } from './svg';

/**
 * Nothing is fetched, run or sent, whatever a name in the tree says: a browser that reads this refuses the
 * rest.
 */
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** A dossier as one file of HTML that needs nothing else. */
export function dossierHtml({ title, facts, sections }: Dossier): string {
  const all = anchored(sections, ({ id }) => id.replaceAll('/', '-'));
  const write = new Page();
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="generator" content="manara dossier">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${pageStyle}</style>`,
    '</head>',
    '<body>',
    '<a class="skip" href="#content">To the content</a>',
    '<div class="layout">',
    contents(all),
    '<main id="content">',
    `<h1>${escapeHtml(title)}</h1>`,
    '<dl class="facts">',
    ...facts.map(
      ({ name, value, tone }) =>
        `<div${tone === undefined ? '' : ` class="${tone}"`}><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`,
    ),
    '</dl>',
    ...all.map((one) => write.section(one, 2)),
    '<footer>Written by <code>manara dossier</code> from the program. What changes here is changed there.</footer>',
    '</main>',
    '</div>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function contents(all: readonly Anchored[]): string {
  const entry = ({ section, anchor, children }: Anchored, depth: number): string => {
    const below =
      depth === 0 || children.length === 0
        ? ''
        : `<ol>${children.map((child) => entry(child, depth - 1)).join('')}</ol>`;
    return `<li><a href="#${escapeHtml(anchor)}">${escapeHtml(section.title)}</a>${below}</li>`;
  };
  const entries = `<ol>${all.map((one) => entry(one, 1)).join('')}</ol>`;
  // Beside the text where there is room for it, otherwise folded above it; the style shows one of them.
  return `<nav aria-label="Contents"><div class="wide">${entries}</div><details><summary>Contents</summary>${entries}</details></nav>`;
}

/** Counts the diagrams, each of which needs names of its own. */
class Page {
  #diagrams = 0;

  section({ section, anchor, children }: Anchored, level: number): string {
    const heading = `h${Math.min(level, 6)}`;
    const id = escapeHtml(anchor);
    return [
      `<section aria-labelledby="${id}">`,
      `<${heading} id="${id}"><a href="#${id}">${escapeHtml(section.title)}</a></${heading}>`,
      ...section.content.map((content) => this.#content(content)),
      ...children.map((child) => this.section(child, level + 1)),
      '</section>',
    ].join('\n');
  }

  #content(content: DossierContent): string {
    switch (content.kind) {
      case 'paragraph':
        return `<p>${textHtml(content.text)}</p>`;
      case 'callout':
        return `<div class="callout ${content.tone}" role="note"><strong>${escapeHtml(content.title)}</strong><p>${textHtml(closed(content.text))}</p></div>`;
      case 'table':
        return tableHtml(content);
      case 'diagram':
        return this.#figure(content);
      case 'steps':
        return `<ol class="steps">\n${content.steps.map(stepHtml).join('\n')}\n</ol>`;
    }
  }

  #figure(diagram: DossierDiagram): string {
    const title = escapeHtml(diagram.title);
    // What is wider than the page is moved within its frame, by keyboard too.
    return `<figure><figcaption>${title}</figcaption><div class="frame" tabindex="0" role="group" aria-label="${title}">${svg(diagram, `diagram-${++this.#diagrams}`)}</div></figure>`;
  }
}

/** On a narrow page a row becomes a card; the roles keep it a table for those who hear it. */
function tableHtml({ title, head, rows }: DossierTable): string {
  const heads = head.map((name) => `<th role="columnheader" scope="col">${escapeHtml(name)}</th>`);
  const bodies = rows.map(({ cells, tone }) => {
    const written = cells.map((cell, i) =>
      i === 0
        ? `<th role="rowheader" scope="row">${textHtml(cell)}</th>`
        : `<td role="cell" data-label="${escapeHtml(head[i] ?? '')}">${textHtml(cell)}</td>`,
    );
    return `<tr role="row"${tone === undefined ? '' : ` class="${tone}"`}>${written.join('')}</tr>`;
  });
  return [
    `<table role="table"><caption>${escapeHtml(title)}</caption>`,
    `<thead role="rowgroup"><tr role="row">${heads.join('')}</tr></thead>`,
    `<tbody role="rowgroup">${bodies.join('\n')}</tbody></table>`,
  ].join('\n');
}

function stepHtml({ text, commands, queries }: DossierStep): string {
  const lines = (of: readonly string[], className: string): string =>
    of.length === 0
      ? ''
      : `<pre class="${className}">${of.map((line) => `<code>${escapeHtml(line)}</code>`).join('')}</pre>`;
  return `<li><p>${textHtml(closed(text))}</p>${lines(commands, 'shell')}${lines(queries, 'promql')}</li>`;
}
