import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publicWorkspaces } from '../support/workspaces';
import { pack, type PackedPackage } from './npm';

/** A published package's tarball, and what is in it. */
export interface Tarball extends PackedPackage {
  readonly path: string;
}

let made: ReadonlyMap<string, Tarball> | undefined;

/** Every published package, by name, packed once for all suites of this process. */
export function tarballs(): ReadonlyMap<string, Tarball> {
  if (made !== undefined) return made;
  const folder = mkdtempSync(join(tmpdir(), 'manara-tarballs-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  made = new Map(
    publicWorkspaces().map(({ folder: source, manifest }) => {
      const packed = pack(source, folder);
      return [manifest.name, { ...packed, path: join(folder, packed.filename) }] as const;
    }),
  );
  return made;
}

/** Paths of the tarballs that packages need: their own, and those of what they depend on. */
export function tarballsOf(names: readonly string[]): readonly string[] {
  const manifests = new Map(publicWorkspaces().map(({ manifest }) => [manifest.name, manifest]));
  const needed = new Set<string>();
  const add = (name: string): void => {
    const manifest = manifests.get(name);
    if (manifest === undefined || needed.has(name)) return;
    needed.add(name);
    for (const dependency of Object.keys(manifest.dependencies ?? {})) add(dependency);
  };
  for (const name of names) add(name);
  return [...needed].map((name) => tarballs().get(name)!.path);
}
