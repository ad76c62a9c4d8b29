// `npm run pack [-- FOLDER]`: one tarball of each public package, to install elsewhere. Those that bring
// Pulumi or a cloud's SDK are in FOLDER/pulumi, so that nobody installs what they do not use.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
// npm runs a script in the root of the repository; a relative path is the caller's.
const target = resolve(
  process.env.INIT_CWD ?? '.',
  process.argv[2] ?? join(root, 'dist', 'packages'),
);

const self = process.env.npm_execpath;
const npm = self?.endsWith('npm-cli.js') ? [process.execPath, self] : ['npm'];
const [command, ...args] = [...npm, 'pack', '--ignore-scripts', '--silent', '--pack-destination'];
const workspaces = publicWorkspaces();
const isPulumi = ({ peers }) => peers.some((name) => name.startsWith('@pulumi/'));
pack(
  target,
  workspaces.filter((workspace) => !isPulumi(workspace)),
);
pack(join(target, 'pulumi'), workspaces.filter(isPulumi));

function pack(destination, packed) {
  mkdirSync(destination, { recursive: true });
  for (const name of readdirSync(destination).filter((name) => /^manara-.*\.tgz$/.test(name))) {
    rmSync(join(destination, name));
  }
  const names = packed.map(({ folder }) => `--workspace=${folder}`);
  const { status, error } = spawnSync(command, [...args, destination, ...names], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (error) throw error;
  process.stderr.write(status === 0 ? `manara: packed into ${destination}\n` : '');
  process.exitCode ||= status ?? 1;
}

function publicWorkspaces() {
  const folders = [
    ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}`),
    'runtime',
  ];
  return folders
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => ({
      folder,
      manifest: JSON.parse(readFileSync(join(root, folder, 'package.json'))),
    }))
    .filter(({ manifest }) => !manifest.private)
    .map(({ folder, manifest }) => ({
      folder,
      peers: Object.keys(manifest.peerDependencies ?? {}),
    }));
}
