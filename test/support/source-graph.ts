import { readFileSync, readdirSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** What one source file imports, types and dynamic imports included. */
export interface SourceFile {
  readonly path: string;
  /** Specifiers as written: `./place`, `@manara/contract`, `node:fs`. */
  readonly imports: readonly string[];
  /** Those that are left when types are gone. */
  readonly runtimeImports: readonly string[];
}

/** Every TypeScript file below a folder. */
export function sourceFiles(folder: string): readonly SourceFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))
    .map((path) => {
      const source = readFileSync(path, 'utf8');
      return { path, imports: importsOf(source), runtimeImports: importsOf(withoutTypes(source)) };
    });
}

export function importsOf(source: string): readonly string[] {
  return ts.preProcessFile(source, true, true).importedFiles.map(({ fileName }) => fileName);
}

export function withoutTypes(source: string): string {
  const module = ts.ModuleKind.ESNext;
  return ts.transpileModule(source, { compilerOptions: { module, target: ts.ScriptTarget.ES2023 } })
    .outputText;
}

/** Files that the relative ones among a file's specifiers lead to. */
export function resolveRelative(path: string, specifiers: readonly string[]): readonly string[] {
  return specifiers
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => {
      const target = join(dirname(path), specifier);
      return existsSync(`${target}.ts`) ? `${target}.ts` : join(target, 'index.ts');
    });
}

/** The first cycle in a graph, its start repeated at its end; `undefined` where there is none. */
export function findCycle(
  graph: ReadonlyMap<string, readonly string[]>,
): readonly string[] | undefined {
  const finished = new Set<string>();
  const visit = (node: string, trail: readonly string[]): readonly string[] | undefined => {
    const start = trail.indexOf(node);
    if (start >= 0) return [...trail.slice(start), node];
    if (finished.has(node)) return undefined;
    for (const next of graph.get(node) ?? []) {
      const cycle = visit(next, [...trail, node]);
      if (cycle !== undefined) return cycle;
    }
    finished.add(node);
    return undefined;
  };
  for (const node of graph.keys()) {
    const cycle = visit(node, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
