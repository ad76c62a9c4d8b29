import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { productionClosure } from '../../runtime/image/closure.mjs';
import { filesToKeep } from '../../runtime/image/prune.mjs';

describe('productionClosure', () => {
  const lock = (packages) => ({ packages: { '': { name: 'root' }, ...packages } });
  const placed = (packages) =>
    productionClosure(lock(packages), 'runtime').map(({ from, to, version }) => [
      from,
      to,
      version,
    ]);
  const server = (dependencies) => ({ name: '@x/server', version: '1.0.0', dependencies });
  const self = ['runtime', 'node_modules/@x/server', '1.0.0'];

  it('follows dependencies, not development ones', () => {
    assert.deepEqual(
      placed({
        runtime: { ...server({ a: '1' }), devDependencies: { d: '1' } },
        'node_modules/a': { version: '1.1.0', dependencies: { b: '1' } },
        'node_modules/b': { version: '1.2.0', dependencies: { a: '1' } },
        'node_modules/d': { version: '1.0.0' },
      }),
      [
        self,
        ['node_modules/a', 'node_modules/a', '1.1.0'],
        ['node_modules/b', 'node_modules/b', '1.2.0'],
      ],
    );
  });

  it('takes the version that the dependent finds, where there are several', () => {
    assert.deepEqual(
      placed({
        runtime: server({ a: '1', b: '1' }),
        'node_modules/a': { version: '1.0.0', dependencies: { b: '2' } },
        'node_modules/a/node_modules/b': { version: '2.0.0', dependencies: { c: '1' } },
        'node_modules/b': { version: '3.0.0' },
        'node_modules/c': { version: '1.0.0' },
        'runtime/node_modules/b': { version: '1.0.0' },
      }),
      [
        self,
        ['runtime/node_modules/b', 'node_modules/@x/server/node_modules/b', '1.0.0'],
        ['node_modules/a', 'node_modules/a', '1.0.0'],
        ['node_modules/a/node_modules/b', 'node_modules/a/node_modules/b', '2.0.0'],
        ['node_modules/c', 'node_modules/c', '1.0.0'],
      ],
    );
  });

  it('turns a linked workspace into a package', () => {
    assert.deepEqual(
      placed({
        runtime: server({ '@x/contract': '0.1.0' }),
        'node_modules/@x/contract': { resolved: 'packages/contract', link: true },
        'packages/contract': { name: '@x/contract', version: '0.1.0' },
      }),
      [['packages/contract', 'node_modules/@x/contract', '0.1.0'], self],
    );
  });

  it('leaves out what only an install script asks for', () => {
    const packages = {
      runtime: server({ 'onnxruntime-node': '1' }),
      'node_modules/onnxruntime-node': { version: '1.0.0', dependencies: { 'adm-zip': '1' } },
      'node_modules/adm-zip': { version: '1.0.0' },
    };
    assert.equal(placed(packages).length, 2);
  });

  it('names a dependency that the lock file does not hold', () => {
    assert.throws(() => placed({ runtime: server({ a: '1' }) }), {
      message: 'package-lock.json pins no a, which @x/server depends on; run npm install',
    });
  });
});

describe('filesToKeep', () => {
  it('keeps code, data and licences', () => {
    const files = [
      'index.js',
      'index.d.ts',
      'index.js.map',
      'README.md',
      'LICENSE',
      'dist-es/a.js',
      'lib/test/a.js',
      'test/a.js',
      'a.proto',
      '.npmignore',
      'release.sh',
    ];
    assert.deepEqual(files.filter(filesToKeep('any', 'x64')), [
      'index.js',
      'LICENSE',
      'lib/test/a.js',
      'a.proto',
    ]);
  });

  it("keeps one platform's libraries of onnxruntime-node, and none of CUDA's", () => {
    const below = (platform) => `bin/napi-v6/${platform}/onnxruntime_binding.node`;
    const files = ['linux/x64', 'linux/arm64', 'win32/x64', 'darwin/arm64'].map(below);
    files.push('bin/napi-v6/linux/x64/libonnxruntime_providers_cuda.so', 'script/install.js');
    assert.deepEqual(files.filter(filesToKeep('onnxruntime-node', 'x64')), [below('linux/x64')]);
    assert.deepEqual(files.filter(filesToKeep('onnxruntime-node', 'arm64')), [
      below('linux/arm64'),
    ]);
  });
});

describe('context.mjs', () => {
  const script = new URL('../../runtime/image/context.mjs', import.meta.url).pathname;
  const run = (...args) => {
    const { status, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
    return [status, stderr];
  };

  it('refuses a wrong command line with 2', () => {
    assert.deepEqual(run(), [2, 'error: expected one folder to write to\n']);
    assert.deepEqual(run('--arch', 'mips', 'out'), [
      2,
      'error: --arch: expected x64 or arm64, received mips\n',
    ]);
  });

  it('refuses a folder that holds something, and leaves it as it is', () => {
    const folder = mkdtempSync(join(tmpdir(), 'manara-context-'));
    try {
      writeFileSync(join(folder, 'mine'), '');
      assert.deepEqual(run(folder), [2, `error: ${folder} is not empty\n`]);
      assert.deepEqual(readdirSync(folder), ['mine']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
