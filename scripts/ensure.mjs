// Brings a clone to the state that the npm scripts need: dependencies as locked, sources compiled.
// Plain Node.js without dependencies, because it runs before anything is installed. Does nothing
// but an incremental `tsc -b` when all is up to date.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Settings that `npm run` hands down and that would make `npm ci` install something else. */
const misleadingSettings = [
  'dry_run',
  'global',
  'include',
  'include_workspace_root',
  'location',
  'omit',
  'only',
  'package_lock',
  'package_lock_only',
  'production',
  'workspace',
  'workspaces',
];

checkNode();
if (!dependenciesAsLocked()) install();
build();
linkCommands();

function checkNode() {
  const { engines } = readJson('package.json');
  const wanted = /^>=(\d+)\.(\d+)$/.exec(engines.node);
  if (!wanted)
    fail(`package.json: engines.node is "${engines.node}"; this script reads ">=MAJOR.MINOR"`);
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [wantedMajor, wantedMinor] = [Number(wanted[1]), Number(wanted[2])];
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  fail(
    `Node.js ${process.versions.node} is too old: Manara needs ${engines.node} (${process.execPath})`,
  );
}

/**
 * Compares the lock file with the record that npm itself keeps of what it installed. npm writes that
 * record last, so an interrupted install does not pass; packages for other systems may be absent.
 */
function dependenciesAsLocked() {
  const record = 'node_modules/.package-lock.json';
  if (!existsSync(root + record)) return false;
  const installed = readJson(record).packages;
  return Object.entries(readJson('package-lock.json').packages).every(([path, locked]) => {
    if (!path.includes('node_modules/')) return true;
    const found = installed[path];
    if (!found) return locked.optional === true;
    return found.version === locked.version && existsSync(root + path);
  });
}

function install() {
  const environment = { ...process.env };
  for (const name of misleadingSettings) delete environment[`npm_config_${name}`];
  progress('installing dependencies (npm ci); the first time this takes a few minutes');
  run(
    [...npm(), 'ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'],
    environment,
  );
}

/** The npm that runs this script, where one does: another one on the PATH may be of another version. */
function npm() {
  const self = process.env.npm_execpath;
  return self?.endsWith('npm-cli.js') ? [process.execPath, self] : ['npm'];
}

function build() {
  progress('compiling (tsc -b)');
  run([process.execPath, `${root}node_modules/typescript/bin/tsc`, '-b'], process.env);
}

/** npm installs before anything is compiled, and links no command whose file is not there yet. */
function linkCommands() {
  for (const [path, { bin = {} }] of Object.entries(readJson('package-lock.json').packages)) {
    if (path === '' || path.includes('node_modules/')) continue;
    for (const [name, target] of Object.entries(bin)) {
      const link = `${root}node_modules/.bin/${name}`;
      chmodSync(`${root}${path}/${target}`, 0o755);
      if (existsSync(link)) continue;
      rmSync(link, { force: true });
      symlinkSync(`../../${path}/${target}`, link);
    }
  }
}

function run([command, ...args], env) {
  const { status, signal, error } = spawnSync(command, args, { cwd: root, env, stdio: 'inherit' });
  if (status === 0) return;
  const why = error?.message ?? (signal ? `ended by ${signal}` : `exit code ${status}`);
  fail(`"${[command, ...args].join(' ')}" failed: ${why}`, status ?? 1);
}

function readJson(path) {
  return JSON.parse(readFileSync(root + path, 'utf8'));
}

function progress(what) {
  process.stderr.write(`manara: ${what}\n`);
}

function fail(message, code = 1) {
  process.stderr.write(`manara: ${message}\n`);
  process.exit(code);
}
