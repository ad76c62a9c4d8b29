import { join } from 'node:path';
import ts from 'typescript';
import { packageFolder, repositoryFolder } from './folders';

/** What the compiler says of a snippet: one line a diagnostic, with its chain of reasons flattened. */
export type Diagnostics = Readonly<Record<string, readonly string[]>>;

/**
 * Type-checks snippets in one program, as a user's project with the repository's settings would. They
 * are files of one folder, and may import one another.
 *
 * @param snippets source by name
 */
export function compile(snippets: Readonly<Record<string, string>>): Diagnostics {
  const sources = new Map(
    Object.entries(snippets).map(([name, source]) => [
      join(packageFolder, 'test', `${name}.ts`),
      source,
    ]),
  );
  const options = compilerOptions();
  const host = ts.createCompilerHost(options, true);
  const withSnippets: ts.CompilerHost = {
    ...host,
    fileExists: (path) => sources.has(path) || host.fileExists(path),
    readFile: (path) => sources.get(path) ?? host.readFile(path),
    getSourceFile: (path, version, ...rest) => {
      const source = sources.get(path);
      return source === undefined
        ? host.getSourceFile(path, version, ...rest)
        : ts.createSourceFile(path, source, version, true);
    },
  };
  const program = ts.createProgram([...sources.keys()], options, withSnippets);
  return Object.fromEntries(
    Object.keys(snippets).map((name, i) => {
      const file = program.getSourceFile([...sources.keys()][i] ?? '');
      const found = [
        ...program.getSyntacticDiagnostics(file),
        ...program.getSemanticDiagnostics(file),
      ];
      return [name, found.map((d) => ts.flattenDiagnosticMessageText(d.messageText, '\n'))];
    }),
  );
}

function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(repositoryFolder, 'tsconfig.base.json'), (path) =>
    ts.sys.readFile(path),
  ) as { readonly config: object };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, packageFolder);
  return {
    ...options,
    composite: false,
    declaration: false,
    declarationMap: false,
    noEmit: true,
    noUnusedLocals: false,
    types: ['node'],
  };
}
