import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  chmod,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
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

/** What Node.js and onnxruntime are linked to, and what it is linked to itself. */
const linkedPackages = ['gcc-12-base', 'libc6', 'libgcc-s1', 'libstdc++6'];

/** Links to the folders of the same name in /usr; packages may still name them as folders. */
const mergedFolders = ['lib', 'lib64'];

/** Documentation but for licences, what debuggers read, and encodings that no program of the image asks for. */
const neverRead = /\/(gconv|lintian|gcc|gdb)(\/|$)|\/usr\/share\/doc\/[^/]+\/(?!copyright$)/;

/**
 * A tar archive of a base with nothing to run in it: the libraries that the server is linked to, their
 * licences, and what scanners read of their packages. Made of the Debian above.
 */
export async function shelllessArchive(): Promise<string> {
  const whole = await baseArchive();
  const made = `${linkedPackages.join()} ${neverRead.source}`;
  const key = createHash('sha256').update(made).digest('hex').slice(0, 8);
  const archive = whole.replace(/\.tar$/, `-no-shell-${key}.tar`);
  if (existsSync(archive)) return archive;
  const scratch = await mkdtemp(join(cacheFolder('image-base'), 'making-'));
  try {
    const debian = join(scratch, 'debian');
    const root = join(scratch, 'root');
    await mkdir(debian);
    await command('tar', '-C', debian, '-xf', whole);
    for (const name of linkedPackages) await takePackage(debian, root, name);
    for (const link of mergedFolders) await symlink(`usr/${link}`, join(root, link));
    for (const folder of ['dev', 'proc', 'sys', 'etc', 'tmp']) {
      await mkdir(join(root, folder), { recursive: true });
    }
    await chmod(join(root, 'tmp'), 0o1777);
    const packed = join(scratch, 'base.tar');
    const owner = ['--owner=0', '--group=0', '--numeric-owner', '--sort=name'];
    await command('tar', ...owner, '-C', root, '-cf', packed, '.');
    await rename(packed, archive);
    return archive;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Copies a package's files, as dpkg lists them, and its entry in dpkg's list of what is installed. */
async function takePackage(debian: string, root: string, name: string): Promise<void> {
  const known = join(debian, 'var/lib/dpkg');
  const [list] = (await readdir(join(known, 'info'))).filter(
    (file) => file === `${name}.list` || (file.startsWith(`${name}:`) && file.endsWith('.list')),
  );
  if (list === undefined) throw new Error(`the base has no package ${name}`);
  for (const path of (await readFile(join(known, 'info', list), 'utf8')).split('\n')) {
    if (path === '' || mergedFolders.includes(path.slice(1)) || neverRead.test(path)) continue;
    const own = path.replace(/^\/(lib|lib64)\//, '/usr/$1/');
    const found = await lstat(join(debian, own)).catch(() => undefined);
    if (found === undefined || found.isDirectory()) continue;
    await mkdir(dirname(join(root, own)), { recursive: true });
    await cp(join(debian, own), join(root, own), {
      verbatimSymlinks: true,
      preserveTimestamps: true,
    });
  }
  const status = (await readFile(join(known, 'status'), 'utf8'))
    .split('\n\n')
    .find((entry) => entry.startsWith(`Package: ${name}\n`));
  const entries = join(root, 'var/lib/dpkg/status.d');
  await mkdir(entries, { recursive: true });
  await writeFile(join(entries, name), `${status ?? ''}\n`);
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
