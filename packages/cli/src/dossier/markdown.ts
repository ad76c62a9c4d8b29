import type {
  Dossier,
  DossierContent,
  DossierStep,
  DossierTable,
  Inline,
  Text,
  Tone,
} from '@manara/constructs';
import { type Anchored, anchored } from './anchors';
import { closed } from './closed';
import { mermaid } from './mermaid';

/** A dossier as Markdown of GitHub's kind, with its diagrams in Mermaid. */
export function dossierMarkdown({ title, facts, sections }: Dossier): string {
  const all = anchored(sections, (section) => section.title);
  return [
    `# ${words(title)}`,
    markdownTable(
      facts.map(({ name, value }) => [words(name), words(value)]),
      ['', ''],
    ),
    contents(all),
    ...all.flatMap((one) => sectionBlocks(one, 2)),
    '',
  ].join('\n\n');
}

function contents(all: readonly Anchored[]): string {
  const entry = (one: Anchored, indent: string): string =>
    `${indent}- [${words(one.section.title)}](#${encodeURIComponent(one.anchor)})`;
  return all
    .flatMap((one) => [entry(one, ''), ...one.children.map((child) => entry(child, '  '))])
    .join('\n');
}

function sectionBlocks({ section, children }: Anchored, level: number): readonly string[] {
  return [
    `${'#'.repeat(Math.min(level, 6))} ${words(section.title)}`,
    ...section.content.map(contentBlock),
    ...children.flatMap((child) => sectionBlocks(child, level + 1)),
  ];
}

const marks: Readonly<Record<Tone, string>> = { good: '✓', open: '?', bad: '✗' };

function contentBlock(content: DossierContent): string {
  switch (content.kind) {
    case 'paragraph':
      return inline(content.text);
    case 'callout':
      return `> **${marks[content.tone]} ${words(content.title)}.** ${inline(closed(content.text))}`;
    case 'table':
      return tableBlock(content);
    case 'diagram':
      return `${words(content.title)}:\n\n${fenced('mermaid', mermaid(content))}`;
    case 'steps':
      return content.steps.map(stepBlock).join('\n\n');
  }
}

function tableBlock({ head, rows }: DossierTable): string {
  const marked = rows.some(({ tone }) => tone !== undefined);
  return markdownTable(
    rows.map(({ cells, tone }) => [
      ...(marked ? [tone === undefined ? '' : marks[tone]] : []),
      ...cells.map((cell) => inline(cell, tableCode)),
    ]),
    [...(marked ? [''] : []), ...head.map(words)],
  );
}

function markdownTable(rows: readonly (readonly string[])[], head: readonly string[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

function stepBlock({ text, commands, queries }: DossierStep, i: number): string {
  const mark = `${i + 1}. `;
  const indent = ' '.repeat(mark.length);
  const block = (language: string, lines: readonly string[]): string =>
    lines.length === 0
      ? ''
      : `\n\n${indented(fenced(language, lines.map(oneLine).join('\n')), indent)}`;
  return `${mark}${inline(closed(text))}${block('sh', commands)}${block('promql', queries)}`;
}

function indented(text: string, indent: string): string {
  return text
    .split('\n')
    .map((line) => indent + line)
    .join('\n');
}

/** A fence that is longer than any run of backticks within. */
function fenced(language: string, text: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}

function inline(text: Text, write = code): string {
  return text
    .map((piece: Inline) => (typeof piece === 'string' ? words(piece) : write(piece.code)))
    .join('');
}

/** Words as they are: nothing in them is read as Markdown, or as HTML in it. */
function words(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_{}[\]<>#|~]/g, '\\$&')
    .replace(/&(?=#?\w+;)/g, '&amp;')
    .replace(/^(\s*)([-+]|\d+[.)])(?=\s)/, '$1\\$2');
}

function code(text: string): string {
  const shown = oneLine(text);
  const fence = '`'.repeat(longestRun(shown) + 1);
  const space = /^`|`$|^ .* $/.test(shown) ? ' ' : '';
  return shown === '' ? '' : `${fence}${space}${shown}${space}${fence}`;
}

/** In a table even code ends at a line that is not escaped. */
function tableCode(text: string): string {
  return code(text).replaceAll('|', '\\|');
}

function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, ' ');
}
