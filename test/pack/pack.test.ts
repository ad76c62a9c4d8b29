import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocuments } from '../support/documents';
import { repositoryRoot } from '../support/paths';
import { publicWorkspaces } from '../support/workspaces';
import { npm } from './npm';
import { type Tarball, tarballs } from './tarballs';

/** What every package holds; anything else it must name in the `files` of its package.json. */
const usual = /^(package\.json|README\.md|LICENSE|build\/src\/.*\.(js|d\.ts))$/;

const program = join(repositoryRoot, 'test', 'pack', 'program', 'main.ts');

describe('published packages', function () {
  this.timeout(600_000);
  const folder = mkdtempSync(join(tmpdir(), 'manara-pack-'));

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  for (const { manifest } of publicWorkspaces()) {
    describe(manifest.name, () => {
      let packed: Tarball;

      before(() => {
        packed = tarballs().get(manifest.name)!;
      });

      it('holds compiled code and its types, a page to read and the licence', () => {
        const paths = new Set(packed.files.map(({ path }) => path));
        const needed = [manifest.main, manifest.types, ...Object.values(manifest.bin ?? {})];
        for (const path of [...needed, 'README.md', 'LICENSE']) {
          assert.ok(path !== undefined && paths.has(path), `${String(path)} is missing`);
        }
      });

      it('holds nothing else but what it declares', () => {
        const declared = (manifest.files ?? []).filter((entry) => !entry.includes('build/src'));
        const isDeclared = (path: string): boolean =>
          declared.some((entry) => path === entry || path.startsWith(`${entry}/`));
        const strangers = packed.files
          .map(({ path }) => path)
          .filter((path) => !usual.test(path) && !isDeclared(path));
        assert.deepEqual(strangers, []);
      });
    });
  }

  describe('in an empty project', () => {
    const project = join(folder, 'project');

    before(function () {
      this.timeout(0);
      cpSync(join(repositoryRoot, 'test', 'pack', 'program'), project, { recursive: true });
      const { devDependencies } = JSON.parse(
        readFileSync(join(repositoryRoot, 'package.json'), 'utf8'),
      ) as { readonly devDependencies: Readonly<Record<string, string>> };
      writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true }));
      const tools = ['typescript', '@types/node'].map(
        (name) => `${name}@${devDependencies[name] ?? ''}`,
      );
      const flags = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
      npm(project, 'install', ...flags, ...paths(), ...tools);
    });

    it('install together, each from its tarball', () => {
      for (const { manifest } of publicWorkspaces()) {
        const installed = join(project, 'node_modules', manifest.name, 'package.json');
        const { version } = JSON.parse(readFileSync(installed, 'utf8')) as {
          readonly version: string;
        };
        assert.equal(version, manifest.version);
        run(project, '-e', `require('${manifest.name}')`);
      }
    });

    it('synthesize an endpoint with a program of ten lines', () => {
      const lines = readFileSync(program, 'utf8').split('\n');
      assert.ok(lines.filter((line) => /^\w/.test(line)).length <= 10);
      run(project, 'node_modules/typescript/bin/tsc', '--project', '.');
      const kinds = parseDocuments(run(project, 'main.js'), 'main.js').map(({ kind }) => kind);
      for (const kind of ['Deployment', 'Service', 'NetworkPolicy'])
        assert.ok(kinds.includes(kind), kind);
    });

    describe('with the starter that their manara init writes', () => {
      const starter = join(folder, 'starter');
      const manara = (...args: readonly string[]): string =>
        run(starter, join('node_modules', '.bin', 'manara'), ...args);

      before(function () {
        this.timeout(0);
        run(project, join('node_modules', '.bin', 'manara'), 'init', starter);
        // Its own .npmrc, and no flag of ours, keeps install scripts from running.
        npm(starter, 'install', '--prefer-offline', '--no-audit', '--no-fund', ...paths());
      });

      it('compile it', () => {
        run(starter, 'node_modules/typescript/bin/tsc');
      });

      it('synthesize it, and find it compliant', () => {
        assert.match(manara('synth'), /^dist\/office\/fraud\.yaml \d+ objects$/m);
        assert.match(manara('audit'), /^7 flows: .*, 0 refused$/m);
      });
    });

    it('bring commands that start', () => {
      for (const { manifest } of publicWorkspaces()) {
        for (const command of Object.keys(manifest.bin ?? {})) {
          const path = join(project, 'node_modules', '.bin', command);
          const help = execFileSync(path, ['--help'], { encoding: 'utf8' });
          assert.match(help, new RegExp(`^Usage: ${command}`, 'm'));
        }
      }
    });
  });
});

function paths(): readonly string[] {
  return [...tarballs().values()].map(({ path }) => path);
}

function run(folder: string, ...args: readonly string[]): string {
  return execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
}
