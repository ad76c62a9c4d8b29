import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../support/cache';
import { command } from './command';

/** The release of the Dockerfile's default base. */
const release = 'bookworm';

/**
 * A tar archive of a minimal Debian, from the mirror that this machine's apt is set up with: what
 * stands in for the public base image where no image registry can be reached. Made once, then kept
 * in the cache.
 */
export async function baseArchive(): Promise<string> {
  const folder = cacheFolder('image-base');
  const architecture = await command('dpkg', '--print-architecture');
  const archive = join(folder, `${release}-${architecture}.tar`);
  if (existsSync(archive)) return archive;
  await mkdir(folder, { recursive: true });
  const scratch = await mkdtemp(join(folder, 'making-'));
  try {
    const root = join(scratch, 'root');
    await command('debootstrap', '--variant=minbase', release, root, await mirror());
    const packed = join(scratch, 'base.tar');
    const leftOut = ['./var/cache/apt/archives/*', './var/lib/apt/lists/*', './dev/*'];
    await command(
      'tar',
      '--numeric-owner',
      ...leftOut.map((pattern) => `--exclude=${pattern}`),
      ...['-C', root, '-cf', packed, '.'],
    );
    await rename(packed, archive);
    return archive;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function mirror(): Promise<string> {
  const targets = await command(
    'apt-get',
    'indextargets',
    '--format',
    '$(ORIGIN) $(COMPONENT) $(RELEASE) $(SITE)',
    'Created-By: Packages',
  );
  const sites = targets
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([origin, component, suite]) => {
      // Updates and security fixes sit in suites, and often on mirrors, of their own.
      return origin === 'Debian' && component === 'main' && suite?.includes('-') === false;
    })
    .map(([, , , site]) => site);
  if (sites[0] === undefined) throw new Error(`apt knows no mirror of Debian:\n${targets}`);
  return sites[0];
}
