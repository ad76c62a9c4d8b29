import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** `packages/aws`, seen from its compiled tests. */
export const packageFolder = resolve(__dirname, '../../..');
const docsFolder = resolve(packageFolder, '../../docs/aws');

/** An example: a file of a program, and what comes of it, where the page says it. */
export interface Example {
  /** From its first line, `// zone.ts`. */
  readonly name: string;
  readonly source: string;
  /** The block of text after it. */
  readonly outcome: string | undefined;
}

export interface Page {
  readonly file: string;
  readonly path: string;
  readonly text: string;
  readonly examples: readonly Example[];
}

/** Every page in `docs/aws`. */
export function awsPages(): readonly Page[] {
  return readdirSync(docsFolder)
    .filter((file) => file.endsWith('.md'))
    .sort()
    .map((file) => {
      const path = join(docsFolder, file);
      const text = readFileSync(path, 'utf8');
      return { file, path, text, examples: examplesOf(text) };
    });
}

const exampleThenOutcome =
  /^```ts\n(\/\/ ([\w-]+)\.ts\n[\s\S]*?)^```$(?:\n\n^```text\n([\s\S]*?)^```$)?/gm;

function examplesOf(text: string): readonly Example[] {
  return [...text.matchAll(exampleThenOutcome)].map(([, source = '', name = '', outcome]) => ({
    name,
    source,
    outcome,
  }));
}
