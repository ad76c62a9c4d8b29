import { execFileSync } from 'node:child_process';

/** A package as `npm pack --json` reports it. */
export interface PackedPackage {
  readonly name: string;
  /** Base name of the tarball. */
  readonly filename: string;
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

/** Runs npm; its standard output. Throws with what it said where it fails. */
export function npm(folder: string, ...args: readonly string[]): string {
  // The npm that runs the suite, where one does: another on the PATH may be of another version.
  const self = process.env.npm_execpath;
  const [command, first] = self === undefined ? ['npm', []] : [process.execPath, [self]];
  return execFileSync(command, [...first, ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 * 2 ** 20,
  });
}

/** Packs a package into a folder. npm 11 may report by name what earlier ones report as a list. */
export function pack(folder: string, destination: string): PackedPackage {
  const report = JSON.parse(
    npm(folder, 'pack', '--json', '--ignore-scripts', '--pack-destination', destination),
  ) as readonly PackedPackage[] | Readonly<Record<string, PackedPackage>>;
  const [packed] = Object.values(report) as readonly PackedPackage[];
  if (packed === undefined) throw new Error(`npm pack in ${folder} reported nothing`);
  return packed;
}
