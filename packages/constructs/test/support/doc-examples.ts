import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type App, Yaml } from 'cdk8s';
import { format } from 'prettier';
import ts from 'typescript';
import { manifestFiles } from '../../src';
import type { Example } from './doc-pages';
import { packageFolder, repositoryFolder } from './folders';

/** Where examples run: their `file:` paths start here. */
const workingFolder = join(repositoryFolder, 'examples/models');
const outputFolder = join(packageFolder, 'build/doc-examples');

/** Compiles the examples of all pages into one folder, in which they import one another. */
export function emitExamples(examples: readonly Example[]): void {
  rmSync(outputFolder, { recursive: true, force: true });
  mkdirSync(outputFolder, { recursive: true });
  for (const { name, source } of examples) {
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023 },
    });
    writeFileSync(join(outputFolder, `${name}.js`), outputText);
  }
}

/** What an example exports, run afresh with all that it imports: a tree is built only once. */
export function runExample(name: string): { readonly app?: App } {
  const load = createRequire(__filename);
  for (const path of Object.keys(load.cache).filter((p) => p.startsWith(outputFolder))) {
    Reflect.deleteProperty(load.cache, path);
  }
  const before = process.cwd();
  process.chdir(workingFolder);
  try {
    return load(join(outputFolder, `${name}.js`)) as { readonly app?: App };
  } finally {
    process.chdir(before);
  }
}

/**
 * The YAML of a tree as its page shows it.
 *
 * @param heading the block's first line: `# dubai/fraud.yaml`, or `# dubai/fraud.yaml: Service, …` for
 * some of the file's kinds only
 */
export async function yamlFor(app: App, heading: string): Promise<string> {
  const [, folder, name, kinds] = /^# ([\w-]+)\/([\w.-]+)(?:: (.+))?$/.exec(heading) ?? [];
  const file = manifestFiles(app).find((f) => f.folder === folder && f.name === name);
  const documents = file?.documents.filter(
    ({ kind }) => kinds === undefined || kinds.split(', ').includes(String(kind)),
  );
  if (documents === undefined || documents.length === 0) {
    throw new Error(`The example synthesizes nothing that "${heading}" names`);
  }
  const yaml = `${heading}\n${Yaml.stringify(...documents)}`;
  return format(yaml, { parser: 'yaml', singleQuote: true, printWidth: 100 });
}
