import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditTree, manifestFiles, ModelEndpoint } from '@manara/constructs';
import { CliError, UsageError } from '../src/cli-error';
import { loadProgram } from '../src/load-program';
import { project, repositoryRoot, temporaryFolder } from './support/folders';
import { officeProgram } from './support/programs';

function refusal(folder: string): CliError {
  try {
    loadProgram(folder);
  } catch (error) {
    assert.ok(error instanceof CliError);
    return error;
  }
  throw new assert.AssertionError({ message: 'the program was loaded' });
}

const importApp = `import { App } from 'cdk8s';`;

describe('loadProgram', () => {
  it('loads the app of a main.ts, and tells where it came from', () => {
    const folder = project({ 'main.ts': officeProgram() });
    const program = loadProgram(folder);
    assert.equal(program.folder, folder);
    assert.equal(program.file, join(folder, 'main.ts'));
    assert.deepEqual(
      program.app.charts.map((chart) => chart.node.path),
      ['shop/office'],
    );
  });

  it('loads a main.js', () => {
    const folder = project({
      'main.js': `const { App } = require('cdk8s'); exports.app = new App();`,
    });
    assert.equal(loadProgram(folder).file, join(folder, 'main.js'));
  });

  it('takes main.ts where both are there, as the other may be compiled from it', () => {
    const folder = project({ 'main.js': 'throw new Error("stale")', 'main.ts': officeProgram() });
    assert.equal(loadProgram(folder).file, join(folder, 'main.ts'));
  });

  it('loads TypeScript that TypeScript imports, and a package of type "module"', () => {
    const folder = project({
      'package.json': '{"type": "module"}',
      'main.ts': `import { App } from 'cdk8s';\nimport { name } from './name';\nexport const app = new App({ outdir: name });`,
      'name.ts': `export const name: string = 'elsewhere';`,
    });
    assert.equal(loadProgram(folder).app.outdir, 'elsewhere');
  });

  for (const [kind, files] of [
    [
      'import and export in JavaScript',
      { 'main.js': `${importApp} export const app = new App();` },
    ],
    [
      'the same in a package of type "module"',
      {
        'package.json': '{"type": "module"}',
        'main.js': `${importApp} export const app = new App();`,
      },
    ],
    [
      'require in a package of type "module"',
      {
        'package.json': '{"type": "module"}',
        'main.js': `const { App } = require('cdk8s'); exports.app = new App();`,
      },
    ],
    [
      'import.meta and __dirname side by side',
      {
        'main.ts': `${importApp} export const app = new App({ outdir: import.meta.dirname === __dirname ? 'a' : 'b' });`,
      },
    ],
    [
      'enums and namespaces',
      {
        'main.ts': `${importApp} enum Out { A = 'a' } namespace Names { export const out = Out.A; } export const app = new App({ outdir: Names.out });`,
      },
    ],
    [
      'an ES module and a JSON file that TypeScript imports',
      {
        'names.mjs': `export const name = 'a';`,
        'names.json': '{"name": "a"}',
        'main.ts': `${importApp} import { name } from './names.mjs'; import other from './names.json'; export const app = new App({ outdir: name === other.name ? name : 'b' });`,
      },
    ],
  ] as const) {
    it(`takes ${kind}`, () => {
      const { outdir } = loadProgram(project(files)).app;
      assert.equal(outdir, JSON.stringify(files).includes('outdir') ? 'a' : 'dist');
    });
  }

  it('refuses to wait for a top-level await, and says what to do instead', () => {
    const folder = project({ 'main.ts': `${importApp} export const app = await new App();` });
    assert.match(
      refusal(folder).message,
      /does not parse: .*\n.*main\.ts:1:\d+: ERROR: Top-level await .*\n {2}fix: .* late\(name\)$/,
    );
  });

  it('reads trees of another copy of the constructs', () => {
    const folder = project({ 'main.ts': officeProgram() });
    useOwnCopies(folder, ['constructs', 'contract', 'planner', 'residency']);
    const { app } = loadProgram(folder);
    const endpoint = app.node.findAll().find((c) => ModelEndpoint.isModelEndpoint(c));
    assert.equal(endpoint instanceof ModelEndpoint, false, 'the copies are one and the same');
    assert.equal(auditTree(app)[0]?.violations.length, 0);
    assert.deepEqual(
      manifestFiles(app).map((file) => `${file.folder}/${file.name}`),
      ['office/00-site.yaml', 'office/fraud.yaml'],
    );
  });

  it('refuses a file in place of a folder', () => {
    const file = join(project({ 'main.ts': '' }), 'main.ts');
    assert.equal(refusal(file).message, `DIR: expected a folder, but that is a file at "${file}"`);
    assert.ok(refusal(file) instanceof UsageError);
  });

  it('refuses a folder without a main file, and says how to get one', () => {
    const folder = temporaryFolder();
    assert.equal(
      refusal(folder).message,
      `DIR: expected main.ts or main.js in "${folder}", found neither; "manara init ${folder}" writes a starter project`,
    );
  });

  it('refuses a program that exports no app, naming what it exports', () => {
    const folder = project({ 'main.ts': 'export const application = 1;' });
    assert.equal(
      refusal(folder).message,
      `${join(folder, 'main.ts')}: expected an export "app", a cdk8s App, but it exports application; write: export const app = new App();`,
    );
    const silent = project({ 'main.js': '' });
    assert.match(refusal(silent).message, /but it exports nothing/);
  });

  it('refuses an app that is none', () => {
    const number = project({ 'main.ts': 'export const app = 7;' });
    assert.match(refusal(number).message, /app: expected a cdk8s App, received number 7$/);
    const chart = project({
      'main.ts': `import { App, Chart } from 'cdk8s'; export const app = new Chart(new App(), 'c');`,
    });
    assert.match(
      refusal(chart).message,
      /app: expected a cdk8s App, received an object of class Chart$/,
    );
    const bare = project({ 'main.ts': 'export const app = Object.create(null);' });
    assert.match(
      refusal(bare).message,
      /app: expected a cdk8s App, received an object of class none$/,
    );
  });

  it('says which construct threw, and at which line', () => {
    const source = officeProgram({ artifact: `file: 'gone.onnx'` });
    const line = source.split('\n').findIndex((text) => text.includes('gone.onnx')) + 1;
    const { message } = refusal(project({ 'main.ts': source }));
    assert.match(message, /main\.ts threw while loading: \[ModelArtifact\] file: expected an ONNX/);
    assert.match(message, new RegExp(`\n {2}at /.*main\\.ts:${line}:\\d+$`));
  });

  it('says which file and line does not parse', () => {
    const folder = project({ 'main.ts': 'export const app = ;\n' });
    assert.match(
      refusal(folder).message,
      /main\.ts does not parse: .*\n.*main\.ts:1:19: ERROR: Unexpected ";"/,
    );
  });

  it('says which package is missing', () => {
    const folder = project({ 'main.ts': `import '@bank/missing/part'; export const app = 1;` });
    assert.match(
      refusal(folder).message,
      /Cannot find module '@bank\/missing\/part'\n {2}at .*main\.ts:1:\d+\n {2}fix: install it: npm install @bank\/missing$/,
    );
  });

  it('survives whatever is thrown', () => {
    const folder = project({ 'main.js': `throw 'a text';` });
    assert.equal(refusal(folder).message, `${join(folder, 'main.js')} threw a text while loading`);
  });
});

/** Gives a project copies of packages of its own, and everything else as the checkout has it. */
function useOwnCopies(folder: string, names: readonly string[]): void {
  const shared = join(repositoryRoot, 'node_modules');
  const own = join(folder, 'node_modules');
  rmSync(own);
  mkdirSync(join(own, '@manara'), { recursive: true });
  for (const name of readdirSync(shared)) {
    if (name !== '@manara') symlinkSync(join(shared, name), join(own, name));
  }
  for (const name of names) {
    const source = join(repositoryRoot, 'packages', name);
    const target = join(own, '@manara', name);
    cpSync(join(source, 'build', 'src'), join(target, 'build', 'src'), { recursive: true });
    writeFileSync(join(target, 'package.json'), JSON.stringify({ main: 'build/src/index.js' }));
  }
}
