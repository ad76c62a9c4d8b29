import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliError, UsageError } from '../../src/cli-error';
import { writeStarter } from '../../src/init/write-starter';
import { version } from '../../src/version';
import { temporaryFolder } from '../support/folders';
import { modelFile } from '../support/programs';

const files = [
  '.gitignore',
  '.npmrc',
  'README.md',
  'main.ts',
  join('models', 'fraud', '1', 'model.onnx'),
  'package.json',
  'payment.json',
  'tsconfig.json',
];

interface Manifest {
  readonly name: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

describe('writeStarter', () => {
  it('writes every file, without a placeholder left', () => {
    const folder = join(temporaryFolder(), 'deep', 'shop');
    assert.deepEqual(writeStarter(folder), files);
    for (const name of files) {
      const text = readFileSync(join(folder, name), 'utf8');
      assert.equal(/\{\{\w+\}\}/.test(text), false, name);
    }
    assert.equal(manifestOf(folder).name, 'shop');
    assert.equal(manifestOf(folder).dependencies['@manara/constructs'], `^${version}`);
  });

  it("carries the example's model, byte for byte", () => {
    const folder = join(temporaryFolder(), 'shop');
    writeStarter(folder);
    assert.ok(
      readFileSync(join(folder, 'models/fraud/1/model.onnx')).equals(readFileSync(modelFile(1))),
    );
  });

  for (const [folderName, name] of [
    ['My Shop (new)', 'my-shop-new'],
    ['2026 models', 'models'],
    ['متجر', 'models'],
    ['--x--', 'x'],
    ['n'.repeat(60), 'n'.repeat(50)],
  ] as const) {
    it(`names the project of folder "${folderName.slice(0, 20)}" "${name.slice(0, 20)}"`, () => {
      const folder = join(temporaryFolder(), folderName);
      writeStarter(folder);
      assert.equal(manifestOf(folder).name, name);
      assert.ok(readFileSync(join(folder, 'main.ts'), 'utf8').includes(`(app, '${name}', {`));
    });
  }

  it('goes beside what is there', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    writeStarter(folder);
    assert.deepEqual(readdirSync(folder).includes('notes.txt'), true);
    assert.equal(readFileSync(join(folder, 'notes.txt'), 'utf8'), 'mine');
  });

  it('overwrites nothing, and then writes nothing', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'main.ts'), 'mine');
    writeFileSync(join(folder, 'README.md'), 'mine');
    assert.throws(() => writeStarter(folder), {
      name: CliError.name,
      message: `"${folder}" holds README.md, main.ts already, and nothing is overwritten; choose another folder`,
    });
    assert.deepEqual(readdirSync(folder).sort(), ['README.md', 'main.ts']);
    assert.equal(readFileSync(join(folder, 'main.ts'), 'utf8'), 'mine');
  });

  it('refuses a file in place of a folder', () => {
    const file = join(temporaryFolder(), 'shop');
    writeFileSync(file, '');
    assert.throws(() => writeStarter(file), {
      name: UsageError.name,
      message: `DIR: expected a folder, but "${file}" is a file`,
    });
  });

  it('takes back what it wrote where it cannot go on', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'models'));
    writeFileSync(join(folder, 'models', 'fraud'), 'a file in the way');
    assert.throws(() => writeStarter(folder), /^CliError: cannot write to ".*": E(NOTDIR|EXIST)/);
    assert.deepEqual(readdirSync(folder), ['models']);
    assert.ok(existsSync(join(folder, 'models', 'fraud')));
  });
});
