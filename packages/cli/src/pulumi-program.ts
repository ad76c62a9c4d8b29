import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { programTrees } from '@manara/constructs';
import type { IConstruct } from 'constructs';
import { parse } from 'yaml';
import { CliError, UsageError } from './cli-error';
import { isApp, loadFile, type Program } from './load-program';
import { shownPath } from './shown-path';

/** What is used of the program's own `@pulumi/pulumi`, whatever its version. */
interface PulumiRuntime {
  setMocks(mocks: object, project: string, stack: string, preview: boolean): Promise<void>;
  setAllConfig(config: Readonly<Record<string, string>>): void;
  disconnect(): Promise<void>;
}

interface Project {
  readonly name: string;
  readonly main?: string;
  readonly config?: Readonly<Record<string, { readonly default?: unknown } | undefined>>;
}

/** Answers as a preview does in which nothing exists yet: inputs come back, nothing else is known. */
const mocks = {
  newResource: ({ name, inputs }: { readonly name: string; readonly inputs: object }) => ({
    id: name,
    state: inputs,
  }),
  call: () => ({}),
};

export function isPulumiProgram(directory: string): boolean {
  return existsSync(join(resolve(directory), 'Pulumi.yaml'));
}

/**
 * Runs a program of Pulumi without an engine, under Pulumi's mocks, and returns the trees that it deployed
 * from or placed components of a cloud in. Nothing is created, and nobody is asked for credentials.
 *
 * @param stack whose `Pulumi.<stack>.yaml` holds the configuration; secrets in it stand as a placeholder
 * @throws UsageError for a stack without its file; CliError for a program that throws, and for one that
 * touched no tree
 */
export async function pulumiTrees(
  directory: string,
  stack: string | undefined,
): Promise<{ readonly file: string; readonly roots: readonly IConstruct[] }> {
  const folder = resolve(directory);
  const project = readYaml(join(folder, 'Pulumi.yaml')) as Project;
  const path = mainOf(folder, project);
  const file = shownPath(path);
  const pulumi = pulumiOf(path);
  await pulumi.setMocks(mocks, project.name, stack ?? 'audit', true);
  pulumi.setAllConfig(configOf(folder, project, stack));
  const before = new Set(programTrees());
  // A reference to another stack, say, fails later, in an Output; the tree stands all the same.
  const ignore = (): void => undefined;
  process.on('unhandledRejection', ignore);
  const exported = loadFile(path, file, folder);
  await Promise.resolve(typeof exported === 'function' ? (exported as () => unknown)() : exported);
  await pulumi.disconnect().catch(ignore);
  const roots = programTrees().filter((root) => !before.has(root));
  if (roots.length === 0) {
    throw new CliError(
      `${file}: expected deploy(app), or a component of @manara/pulumi, but the program used neither`,
    );
  }
  return { file, roots };
}

/**
 * The one tree that a program of Pulumi deploys, for readers that write files.
 *
 * @throws CliError for a program with several trees; and as `pulumiTrees`
 */
export async function pulumiApp(directory: string, stack: string): Promise<Program> {
  if (!isPulumiProgram(directory)) {
    throw new UsageError(`--stack: expected a Pulumi.yaml in "${directory}", found none`);
  }
  const { file, roots } = await pulumiTrees(directory, stack);
  const [app, ...others] = roots;
  if (app !== undefined && isApp(app) && others.length === 0) {
    return { folder: resolve(directory), file, app };
  }
  throw new CliError(
    `${file}: expected one App of cdk8s, given to deploy(app), as two could have the same files; found ${roots.length} trees`,
  );
}

function mainOf(folder: string, { main = '.' }: Project): string {
  const given = resolve(folder, main);
  const isFolder = statSync(given, { throwIfNoEntry: false })?.isDirectory() === true;
  const names = isFolder ? ['index.ts', 'index.js'].map((name) => join(given, name)) : [given];
  const found = names.find((name) => existsSync(name));
  if (found !== undefined) return found;
  throw new CliError(
    `Pulumi.yaml: main: expected ${names.map(shownPath).join(' or ')}, found neither; compile the program first`,
  );
}

function pulumiOf(main: string): PulumiRuntime {
  try {
    return (createRequire(main)('@pulumi/pulumi') as { readonly runtime: PulumiRuntime }).runtime;
  } catch (error) {
    throw new CliError(`${shownPath(main)}: @pulumi/pulumi cannot be loaded; npm install it`, {
      cause: error,
    });
  }
}

/** Defaults of the project, and over them what the stack's file says. */
function configOf(
  folder: string,
  { name, config = {} }: Project,
  stack: string | undefined,
): Record<string, string> {
  const qualified = (key: string): string => (key.includes(':') ? key : `${name}:${key}`);
  const defaults = Object.entries(config).flatMap(([key, declared]) =>
    declared?.default === undefined ? [] : [[qualified(key), textOf(declared.default)] as const],
  );
  const own = Object.entries(stack === undefined ? {} : stackConfig(folder, stack)).map(
    ([key, value]) => [qualified(key), textOf(value)] as const,
  );
  return Object.fromEntries([...defaults, ...own]);
}

function stackConfig(folder: string, stack: string): Readonly<Record<string, unknown>> {
  const path = join(folder, `Pulumi.${stack}.yaml`);
  if (!existsSync(path)) {
    throw new UsageError(`--stack: expected ${shownPath(path)}, found no such file`);
  }
  const content = readYaml(path) as { readonly config?: Readonly<Record<string, unknown>> } | null;
  return content?.config ?? {};
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const isSecret = typeof value === 'object' && value !== null && 'secure' in value;
  return isSecret ? '[secret]' : JSON.stringify(value);
}

function readYaml(path: string): unknown {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${shownPath(path)}: expected YAML: ${reason}`);
  }
}
