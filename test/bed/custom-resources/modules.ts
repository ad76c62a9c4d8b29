import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../../support/paths';

/** A Go module in the module cache, as pinned. */
export interface PinnedModule {
  readonly name: string;
  /** Where its files are. */
  readonly folder: string;
}

interface Downloaded {
  readonly Dir?: string;
  readonly Sum?: string;
  readonly Error?: string;
}

/**
 * Modules of modules.sum, downloaded where the cache has them not. `undefined`, with the reason on
 * stderr, without a Go toolchain.
 *
 * @throws Error for a module that is not pinned, cannot be had or has another sum
 */
export function downloadModules(names: readonly string[]): readonly PinnedModule[] | undefined {
  if (spawnSync('go', ['version']).status !== 0) {
    console.error('skip: no Go toolchain on the PATH to download modules with');
    return undefined;
  }
  return names.map((name) => {
    const { version, sum } = pinOf(name);
    const { Dir, Sum, Error: refusal } = download(`${name}@${version}`);
    if (Dir === undefined) throw new Error(`${name}@${version}: ${refusal ?? 'not downloaded'}`);
    if (Sum !== sum) {
      throw new Error(`${name}@${version} has the sum ${String(Sum)}; pinned is ${sum}`);
    }
    return { name, folder: Dir };
  });
}

function download(module: string): Downloaded {
  const { stdout, stderr, error } = spawnSync('go', ['mod', 'download', '-json', module], {
    // Outside any module, and without asking others for a sum: it is pinned here.
    cwd: tmpdir(),
    env: { ...process.env, GOFLAGS: '-mod=mod', GOSUMDB: 'off' },
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  return stdout === '' ? { Error: stderr } : (JSON.parse(stdout) as Downloaded);
}

function pinOf(name: string): { readonly version: string; readonly sum: string } {
  const file = join(repositoryRoot, 'test', 'bed', 'custom-resources', 'modules.sum');
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [module, version, sum] = line.split(' ');
    if (module === name && version !== undefined && sum !== undefined) return { version, sum };
  }
  throw new Error(`${name}: not pinned in test/bed/custom-resources/modules.sum`);
}
