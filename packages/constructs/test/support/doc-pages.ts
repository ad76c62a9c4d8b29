import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryFolder } from './folders';

/** A fenced block of a page. */
export interface Fence {
  readonly language: string;
  readonly text: string;
  /** Where the text stands in the page. */
  readonly start: number;
  readonly end: number;
}

/** An example: a file of a project, and the block that says what becomes of it, where there is one. */
export interface Example {
  /** From its first line, `// zone.ts`. */
  readonly name: string;
  readonly source: string;
  /** YAML that it synthesizes, or the text with which it is refused. */
  readonly outcome: Fence | undefined;
}

export interface Page {
  readonly name: string;
  readonly path: string;
  readonly text: string;
  readonly examples: readonly Example[];
}

/** Every page in `docs/constructs`. */
export function constructPages(): readonly Page[] {
  const folder = join(repositoryFolder, 'docs/constructs');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((file) => {
      const path = join(folder, file);
      const text = readFileSync(path, 'utf8');
      return { name: file.slice(0, -'.md'.length), path, text, examples: examplesOf(file, text) };
    });
}

function examplesOf(file: string, page: string): readonly Example[] {
  const fences = fencesOf(page);
  return fences.flatMap((fence, i) => {
    if (fence.language !== 'ts') return [];
    const name = /^\/\/ ([\w-]+)\.ts\n/.exec(fence.text)?.[1];
    if (name === undefined) {
      throw new Error(`${file}: an example starts with its file's name, "// zone.ts"`);
    }
    const next = fences[i + 1];
    const outcome = next?.language === 'yaml' || next?.language === 'text' ? next : undefined;
    return [{ name, source: fence.text, outcome }];
  });
}

export function fencesOf(page: string): readonly Fence[] {
  return [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map((match) => {
    const [, language = '', text = ''] = match;
    const start = match.index + '```'.length + language.length + 1;
    return { language, text, start, end: start + text.length };
  });
}
