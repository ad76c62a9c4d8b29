/**
 * Lays out what `runtime/Dockerfile` copies into the server's image, from what the lock files pin:
 * the installed packages of the root lock file, and the Node.js of the one beside this script.
 *
 *   node runtime/image/context.mjs OUTDIR [--arch x64|arm64]
 *   docker build OUTDIR
 */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { productionClosure } from './closure.mjs';
import { copyFile, filesBelow, settle } from './copy.mjs';
import { filesToKeep } from './prune.mjs';
import { billOfMaterials, manifestOf } from './sbom.mjs';

const here = import.meta.dirname;
const root = resolve(here, '../..');
const architectures = ['x64', 'arm64'];
const sbomFile = 'sbom.cdx.json';

try {
  const { out, arch } = commandLine();
  whole(out, (folder) => layOut(folder, arch));
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exitCode = 2;
}

function commandLine() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { arch: { type: 'string', default: process.arch } },
  });
  if (positionals.length !== 1) throw new Error('expected one folder to write to');
  if (!architectures.includes(values.arch)) {
    throw new Error(`--arch: expected ${architectures.join(' or ')}, received ${values.arch}`);
  }
  const out = resolve(positionals[0]);
  if (existsSync(out) && readdirSync(out).length > 0) throw new Error(`${out} is not empty`);
  return { out, arch: values.arch };
}

/** Lets `fill` write to a folder beside `out`, which becomes `out` only when it is whole. */
function whole(out, fill) {
  const partial = `${out}.partial`;
  rmSync(partial, { recursive: true, force: true });
  try {
    fill(partial);
    renameSync(partial, out);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

function layOut(out, arch) {
  copyFile(join(root, 'runtime/Dockerfile'), join(out, 'Dockerfile'));
  const lock = readJson('package-lock.json');
  const node = addNode(join(out, 'node'), arch);
  const packages = productionClosure(lock, 'runtime');
  for (const found of packages) addPackage(found, join(out, 'app', found.to), arch);
  const bill = billOfMaterials({
    server: lock.packages.runtime.name,
    packages: packages.map((found) => ({
      ...found,
      integrity: lock.packages[found.from].integrity,
      manifest: manifestOf(join(root, found.from)),
    })),
    node,
    libraries: nativeLibraries(join(out, 'app'), packages),
  });
  writeFileSync(join(out, sbomFile), bill, { mode: 0o644 });
  settle(out);
}

/** What is not JavaScript: linked code, which scanners of packages do not see. */
function nativeLibraries(app, packages) {
  return packages.flatMap(({ to }) =>
    filesBelow(join(app, to))
      .filter((file) => /\.(node|so(\.\d+)*)$/.test(file))
      .map((file) => ({
        path: `${to}/${file}`,
        owner: to,
        bytes: readFileSync(join(app, to, file)),
      })),
  );
}

/**
 * `npm ci` checks the digest in the lock file and takes the package from npm's cache if it can.
 *
 * @returns what the bill of materials says of it
 */
function addNode(to, arch) {
  const scratch = mkdtempSync(join(tmpdir(), 'manara-image-node-'));
  try {
    for (const file of ['package.json', 'package-lock.json']) {
      copyFileSync(join(here, file), join(scratch, file));
    }
    npm(
      scratch,
      'ci',
      '--no-audit',
      '--no-fund',
      '--prefer-offline',
      '--os=linux',
      `--cpu=${arch}`,
    );
    const installed = join(scratch, 'node_modules', `node-linux-${arch}`);
    // npm passes over an optional package that it cannot get.
    if (!existsSync(installed)) throw new Error(`npm could not get node-linux-${arch}`);
    copyFile(join(installed, 'bin/node'), join(to, 'node'), 0o755);
    copyFile(join(installed, 'LICENSE'), join(to, 'LICENSE'));
    const name = `node-linux-${arch}`;
    const { version, integrity } = readJson('runtime/image/package-lock.json').packages[
      `node_modules/${name}`
    ];
    return { name, version, integrity, manifest: manifestOf(installed) };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function addPackage({ from, name, version, workspace }, to, arch) {
  const folder = join(root, from);
  const installed = existsSync(folder) ? readJson(join(from, 'package.json')).version : 'nothing';
  if (installed !== version) {
    throw new Error(
      `${from}: package-lock.json pins ${version}, installed is ${installed}; run npm ci`,
    );
  }
  const files = workspace ? publishedFiles(from) : filesBelow(folder);
  for (const file of files.filter(filesToKeep(name, arch))) {
    copyFile(join(folder, file), join(to, file));
  }
}

/** What `npm publish` would take: the image holds the same files as the registry. */
function publishedFiles(workspace) {
  const { main } = readJson(join(workspace, 'package.json'));
  if (!existsSync(join(root, workspace, main))) {
    throw new Error(`${workspace} is not built; run npm run build`);
  }
  const packed = JSON.parse(npm(root, 'pack', '--dry-run', '--json', `--workspace=${workspace}`));
  // npm 12 gives an object by name where npm 11 gives a list.
  const [{ files }] = Array.isArray(packed) ? packed : Object.values(packed);
  return files.map((file) => file.path).sort();
}

function npm(cwd, ...words) {
  return execFileSync('npm', [...words, '--ignore-scripts', '--loglevel=error'], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

function readJson(path) {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}
