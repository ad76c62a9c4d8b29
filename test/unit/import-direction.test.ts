import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, relative } from 'node:path';
import {
  findCycle,
  importsOf,
  resolveRelative,
  sourceFiles,
  type SourceFile,
  withoutTypes,
} from '../support/source-graph';
import { publicWorkspaces, type Workspace } from '../support/workspaces';

/** Whom each package may import. `docs/design.md` gives the reasons. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  '@manara/contract': [],
  '@manara/residency': ['@manara/contract'],
  '@manara/planner': ['@manara/contract'],
  '@manara/constructs': ['@manara/contract', '@manara/residency', '@manara/planner'],
  '@manara/pulumi': ['@manara/contract', '@manara/residency', '@manara/constructs'],
  '@manara/policy': ['@manara/residency'],
  '@manara/aws': ['@manara/contract', '@manara/residency', '@manara/constructs', '@manara/pulumi'],
  '@manara/azure': [
    '@manara/contract',
    '@manara/residency',
    '@manara/constructs',
    '@manara/pulumi',
  ],
  '@manara/runtime': ['@manara/contract', '@manara/residency'],
  '@manara/cli': [
    '@manara/contract',
    '@manara/residency',
    '@manara/planner',
    '@manara/constructs',
    '@manara/pulumi',
    '@manara/runtime',
  ],
};

describe('import direction', () => {
  it('is laid down for every package', () => {
    const names = publicWorkspaces().map(({ manifest }) => manifest.name);
    assert.deepEqual([...names].sort(), Object.keys(allowed).sort());
  });

  it('has no cycle itself', () => {
    assert.equal(findCycle(new Map(Object.entries(allowed))), undefined);
  });

  for (const workspace of publicWorkspaces()) {
    describe(workspace.manifest.name, () => {
      const files = sourceFiles(join(workspace.folder, 'src'));

      it('imports only packages below it, and only through their index', () => {
        const permitted = new Set(allowed[workspace.manifest.name]);
        assert.deepEqual(
          importsOfOthers(files, (name) => name.startsWith('@manara/') && !permitted.has(name)),
          [],
        );
      });

      it('depends on exactly the packages of this repository that it imports', () => {
        const imported = files.flatMap(({ imports }) => imports.filter(isOurs));
        assert.deepEqual(declared(workspace).filter(isOurs).sort(), [...new Set(imported)].sort());
      });

      it('declares every other package that it imports', () => {
        const isIn = (known: readonly string[]) => (name: string) =>
          name.startsWith('.') || isBuiltin(name) || known.includes(packageOf(name));
        const isDeclared = isIn(declared(workspace));
        // What is a type alone is not there at run time; it may not be in the types that are published.
        const isKnown = isIn([...declared(workspace), ...declaredForDevelopment(workspace)]);
        const running = files.map((file) => ({ ...file, imports: file.runtimeImports }));
        const published = sourceFiles(join(workspace.folder, 'build', 'src'));
        assert.deepEqual(
          [
            ...importsOfOthers(running, (name) => !isDeclared(name)),
            ...importsOfOthers(published, (name) => !isDeclared(name)),
            ...importsOfOthers(files, (name) => !isKnown(name)),
          ],
          [],
        );
      });

      it('is compiled after what it imports, tests included', () => {
        const { references } = readTsconfig(workspace.folder);
        const referenced = new Set(references.map(({ path }) => join(workspace.folder, path)));
        const tests = sourceFiles(join(workspace.folder, 'test'));
        const imported = new Set(
          [...files, ...tests].flatMap(({ imports }) => imports.filter(isOurs)),
        );
        const missing = publicWorkspaces()
          .filter(({ manifest }) => imported.has(manifest.name))
          .filter(({ folder }) => folder !== workspace.folder && !referenced.has(folder));
        assert.deepEqual(
          missing.map(({ manifest }) => manifest.name),
          [],
        );
      });

      it('reaches no file outside its own sources', () => {
        const source = join(workspace.folder, 'src');
        const outside = files.flatMap(({ path, imports }) =>
          resolveRelative(path, imports).filter((to) => relative(source, to).startsWith('..')),
        );
        assert.deepEqual(outside, []);
      });

      // A cycle of types alone is erased, and a parent and its child may know each other's type.
      it('has no import cycle', () => {
        const edges = files.map(
          ({ path, runtimeImports }) => [path, resolveRelative(path, runtimeImports)] as const,
        );
        assert.equal(findCycle(new Map(edges)), undefined);
      });
    });
  }
});

describe('findCycle', () => {
  it('gives the cycle, not the way to it', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['d', 'b']],
      ['d', []],
    ]);
    assert.deepEqual(findCycle(graph), ['b', 'c', 'b']);
  });

  it('takes a diamond for what it is', () => {
    const graph = new Map([
      ['a', ['b', 'c']],
      ['b', ['d']],
      ['c', ['d']],
    ]);
    assert.equal(findCycle(graph), undefined);
  });
});

describe('importsOf', () => {
  it('sees types, re-exports, dynamic imports and require', () => {
    const source = [
      "import type { A } from './a';",
      "export { b } from './b';",
      "const c = await import('./c');",
      "const d = require('./d');",
    ].join('\n');
    assert.deepEqual([...importsOf(source)].sort(), ['./a', './b', './c', './d']);
    assert.deepEqual([...importsOf(withoutTypes(source))].sort(), ['./b', './c', './d']);
  });
});

function isOurs(specifier: string): boolean {
  return specifier.startsWith('@manara/');
}

/** `file: specifier` of every import that `matches`, for a message that says where to look. */
function importsOfOthers(
  files: readonly SourceFile[],
  matches: (specifier: string) => boolean,
): readonly string[] {
  return files.flatMap(({ path, imports }) =>
    imports.filter(matches).map((specifier) => `${path}: ${specifier}`),
  );
}

function declared({ manifest }: Workspace): string[] {
  return Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
}

function declaredForDevelopment({ manifest }: Workspace): string[] {
  return Object.keys(manifest.devDependencies ?? {});
}

/** `@scope/name/file` and `name/file` without the file. */
function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function readTsconfig(folder: string): {
  readonly references: readonly { readonly path: string }[];
} {
  return JSON.parse(readFileSync(join(folder, 'tsconfig.json'), 'utf8')) as ReturnType<
    typeof readTsconfig
  >;
}
