// `npm run pack [-- FOLDER]`: one tarball of each public package, to install elsewhere.
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

mkdirSync(target, { recursive: true });
for (const name of readdirSync(target).filter((name) => /^manara-.*\.tgz$/.test(name))) {
  rmSync(join(target, name));
}
const self = process.env.npm_execpath;
const npm = self?.endsWith('npm-cli.js') ? [process.execPath, self] : ['npm'];
const [command, ...args] = [...npm, 'pack', '--ignore-scripts', '--silent', '--pack-destination'];
const { status, error } = spawnSync(command, [...args, target, ...publicWorkspaces()], {
  cwd: root,
  stdio: ['ignore', 'inherit', 'inherit'],
});
if (error) throw error;
process.stderr.write(status === 0 ? `manara: packed into ${target}\n` : '');
process.exitCode = status ?? 1;

function publicWorkspaces() {
  const folders = [
    ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}`),
    'runtime',
  ];
  return folders
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .filter((folder) => !JSON.parse(readFileSync(join(root, folder, 'package.json'))).private)
    .map((folder) => `--workspace=${folder}`);
}
