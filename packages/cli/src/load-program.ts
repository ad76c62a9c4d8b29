import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve, sep } from 'node:path';
import type { App } from 'cdk8s';
import { Construct } from 'constructs';
import { register } from 'tsx/cjs/api';
import { CliError, UsageError } from './cli-error';
import { shownPath } from './shown-path';

/** A program that describes a tree, loaded. */
export interface Program {
  /** Absolute path of its folder. */
  readonly folder: string;
  /** Its main file, as messages show it. */
  readonly file: string;
  readonly app: App;
}

/** Looked for in this order. TypeScript is stripped of its types as it loads, never checked. */
const mainFiles = ['main.ts', 'main.js'] as const;

/**
 * Loads the tree that a folder's `main.ts` or `main.js` exports as `app`, with whatever packages the
 * folder itself resolves. From then on this process can `require` TypeScript.
 *
 * @throws UsageError for a folder that is missing or holds no main file; CliError for a file that
 * throws, does not parse, or exports no cdk8s App
 */
export function loadProgram(directory: string): Program {
  const folder = resolve(directory);
  const path = mainFile(folder, directory);
  const file = shownPath(path);
  return { folder, file, app: appOf(loadFile(path, file, folder), file) };
}

function mainFile(folder: string, directory: string): string {
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (stat?.isDirectory() !== true) {
    const found = stat === undefined ? 'there is none' : 'that is a file';
    throw new UsageError(`DIR: expected a folder, but ${found} at "${directory}"`);
  }
  const name = mainFiles.find((candidate) => existsSync(join(folder, candidate)));
  if (name === undefined) {
    throw new UsageError(
      `DIR: expected ${mainFiles.join(' or ')} in "${directory}", found neither; "manara init ${directory}" writes a starter project`,
    );
  }
  return join(folder, name);
}

let canRequireTypeScript = false;

/**
 * What a file exports.
 *
 * @param file as messages show it
 * @param folder the program's; of a stack, its innermost line is shown
 * @throws CliError for a file that throws or does not parse
 */
export function loadFile(path: string, file: string, folder: string): unknown {
  // For the whole life of the process: a construct may import more when it is synthesized.
  if (!canRequireTypeScript) register();
  canRequireTypeScript = true;
  try {
    return createRequire(path)(path);
  } catch (error) {
    throw new CliError(explain(error, file, folder), { cause: error });
  }
}

function explain(error: unknown, file: string, folder: string): string {
  if (!(error instanceof Error)) return `${file} threw ${String(error)} while loading`;
  // esbuild's own messages begin with the file, line and column.
  if (error.name === 'TransformError') {
    const fix = error.message.includes('Top-level await') ? `\n  fix: ${noWaiting}` : '';
    return `${file} does not parse: ${error.message}${fix}`;
  }
  const hint = missingPackage(error) ?? missingConfiguration(error);
  const place = frameIn(error, folder);
  return [
    `${file} threw while loading: ${(error.message.split('\nRequire stack:')[0] ?? '').trim()}`,
    ...(place === undefined ? [] : [`  at ${shownPath(place)}`]),
    ...(hint === undefined ? [] : [`  fix: ${hint}`]),
  ].join('\n');
}

/** A tree is plain data once its program has run; nobody could wait for the rest of it. */
const noWaiting =
  'a program is loaded without waiting; read files with readFileSync, and give what is known only later as late(name)';

function missingPackage(error: Error): string | undefined {
  const name = /^Cannot find module '([^'./][^']*)'/.exec(error.message)?.[1];
  return name === undefined ? undefined : `install it: npm install ${packageOf(name)}`;
}

function missingConfiguration(error: Error): string | undefined {
  if (!error.message.includes('Missing required configuration variable')) return undefined;
  return 'name the stack whose file has it: --stack NAME reads Pulumi.NAME.yaml';
}

/** `@scope/name` and `name` of a path below it. */
function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** The innermost line of the user's own code that a stack goes through: `/dir/main.ts:12:3`. */
function frameIn(error: Error, folder: string): string | undefined {
  return (error.stack ?? '')
    .split('\n')
    .map((line) => /^\s+at .*?\(?((?:file:\/\/)?\/[^()]+:\d+:\d+)\)?$/.exec(line)?.[1])
    .filter((place) => place !== undefined)
    .map((place) => place.replace(/^file:\/\//, ''))
    .find((place) => place.startsWith(folder + sep) && !place.includes(`${sep}node_modules${sep}`));
}

function appOf(exported: unknown, file: string): App {
  const app =
    typeof exported === 'object' && exported !== null && 'app' in exported
      ? exported.app
      : undefined;
  if (isApp(app)) return app;
  if (app !== undefined) {
    throw new CliError(`${file}: app: expected a cdk8s App, received ${describe(app)}`);
  }
  const names = typeof exported === 'object' && exported !== null ? Object.keys(exported) : [];
  const found = names.length === 0 ? 'nothing' : names.join(', ');
  throw new CliError(
    `${file}: expected an export "app", a cdk8s App, but it exports ${found}; write: export const app = new App();`,
  );
}

/** By what it can do, because a program may bring a cdk8s of its own. */
export function isApp(x: unknown): x is App {
  return Construct.isConstruct(x) && 'charts' in x && 'synthYaml' in x;
}

function describe(x: unknown): string {
  if (typeof x === 'object' && x !== null) {
    const { constructor: type } = x as { readonly constructor?: { readonly name: string } };
    return `an object of class ${type?.name ?? 'none'}`;
  }
  return `${typeof x} ${String(x)}`;
}
