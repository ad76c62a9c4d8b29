import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Registered } from '@manara/pulumi-testing';
import ts from 'typescript';
import { type Example, packageFolder } from './doc-pages';
import { recordRefusal } from './fixtures';

/** A folder of the package that exists, so that the compiler looks for its dependencies and its files. */
const sources = join(packageFolder, 'test');
const outputFolder = join(packageFolder, 'build/doc-examples');

/** What the compiler says of each example, as a user's project with the repository's settings would. */
export function compile(examples: readonly Example[]): ReadonlyMap<string, readonly string[]> {
  const texts = new Map(examples.map((e) => [join(sources, `${e.name}.ts`), e.source]));
  const options = { ...compilerOptions(), noEmit: true, types: ['node'] };
  const host = ts.createCompilerHost(options, true);
  const program = ts.createProgram([...texts.keys()], options, {
    ...host,
    fileExists: (path) => texts.has(path) || host.fileExists(path),
    readFile: (path) => texts.get(path) ?? host.readFile(path),
    getSourceFile: (path, version, ...rest) => {
      const text = texts.get(path);
      return text === undefined
        ? host.getSourceFile(path, version, ...rest)
        : ts.createSourceFile(path, text, version, true);
    },
  });
  return new Map(
    examples.map(({ name }) => {
      const file = program.getSourceFile(join(sources, `${name}.ts`));
      const found = [
        ...program.getSyntacticDiagnostics(file),
        ...program.getSemanticDiagnostics(file),
      ];
      return [
        name,
        found.map((d) => sortUnions(ts.flattenDiagnosticMessageText(d.messageText, '\n'))),
      ];
    }),
  );
}

/** The compiler orders a union by when it first met each member, which is nobody's promise. */
function sortUnions(text: string): string {
  return text.replace(/"[^"]+"(?: \| "[^"]+")+/g, (union) => union.split(' | ').sort().join(' | '));
}

function compilerOptions(): ts.CompilerOptions {
  const path = join(packageFolder, '../../tsconfig.base.json');
  const { config } = ts.readConfigFile(path, (file) => ts.sys.readFile(file)) as {
    readonly config: object;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, packageFolder);
  return { ...options, composite: false, declaration: false, declarationMap: false };
}

/** Writes the examples into one folder as they run, in which they import one another. */
export function emit(examples: readonly Example[]): void {
  rmSync(outputFolder, { recursive: true, force: true });
  mkdirSync(outputFolder, { recursive: true });
  for (const { name, source } of examples) {
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023 },
    });
    writeFileSync(join(outputFolder, `${name}.js`), outputText);
  }
}

/**
 * What an example registers against a mocked AWS, or the message that refuses it.
 *
 * @param heading first line of its block: `# models`, the component whose children are shown
 */
export async function outcomeOf(name: string, heading: string): Promise<string> {
  const load = createRequire(__filename);
  for (const path of Object.keys(load.cache).filter((p) => p.startsWith(outputFolder))) {
    Reflect.deleteProperty(load.cache, path);
  }
  const { registered, message } = await recordRefusal(
    () => load(join(outputFolder, `${name}.js`)) as unknown,
  );
  if (message !== '') return `${message}\n`;
  const component = heading.replace(/^# /, '');
  return `# ${component}\n${childrenOf(registered, component)}`;
}

function childrenOf(registered: readonly Registered[], component: string): string {
  return registered
    .filter(({ parent }) => parent === component)
    .map(({ type, name }) => `${type.replace(/\/\w+:/, ':')} ${name}\n`)
    .sort()
    .join('');
}
