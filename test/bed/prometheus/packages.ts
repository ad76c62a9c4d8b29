import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../support/cache';

export interface PrometheusBinaries {
  readonly prometheus: string;
  readonly promtool: string;
}

/**
 * Paths of Prometheus and promtool: those on the PATH, or Debian's package, unpacked into the cache and
 * not installed. `undefined`, with the reason on stderr, where this machine can have neither.
 */
export function prometheusBinaries(): PrometheusBinaries | undefined {
  const [prometheus, promtool] = ['prometheus', 'promtool'].map(onPath);
  if (prometheus !== undefined && promtool !== undefined) return { prometheus, promtool };
  const unpacked = cacheFolder('bed', 'debian-prometheus');
  if (!existsSync(unpacked) && !unpackPackage(unpacked)) return undefined;
  const bin = join(unpacked, 'usr', 'bin');
  return { prometheus: join(bin, 'prometheus'), promtool: join(bin, 'promtool') };
}

function onPath(name: string): string | undefined {
  const { status, stdout } = spawnSync('which', [name], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

function unpackPackage(to: string): boolean {
  mkdirSync(cacheFolder('bed'), { recursive: true });
  const folder = mkdtempSync(cacheFolder('bed', 'prometheus-'));
  try {
    if (!download(folder)) {
      console.error('skip: no prometheus on the PATH, and no apt-get that could download it');
      return false;
    }
    const [archive = ''] = readdirSync(folder).filter((name) => name.endsWith('.deb'));
    const whole = join(folder, 'whole');
    execFileSync('dpkg-deb', ['--extract', join(folder, archive), whole]);
    // In place only when whole.
    renameSync(whole, to);
    console.error(`bed: ${archive}: unpacked`);
    return true;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** apt checks the digest; a machine whose lists are missing or old gets them first. */
function download(folder: string): boolean {
  const once = (): boolean =>
    spawnSync('apt-get', ['download', '--quiet', 'prometheus'], { cwd: folder, stdio: 'ignore' })
      .status === 0;
  if (once()) return true;
  spawnSync('apt-get', ['update', '--quiet'], { stdio: 'ignore' });
  return once();
}
