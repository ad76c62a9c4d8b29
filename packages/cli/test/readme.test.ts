import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { project, repositoryRoot } from './support/folders';
import { manara } from './support/manara';
import { modelFile } from './support/programs';

const page = readFileSync(join(repositoryRoot, 'README.md'), 'utf8');
const [, section = ''] = page.split('## What it looks like\n');
const [program = '', compiler = '', verdict = ''] = [
  ...section.matchAll(/```(?:ts|text)\n(.*?)```/gs),
].map(([, text]) => text);

describe('README.md', () => {
  let folder: string;

  before(() => {
    folder = project({
      'main.ts': program,
      'tsconfig.json': readFileSync(
        join(repositoryRoot, 'packages', 'cli', 'template', 'tsconfig.json'),
        'utf8',
      ),
    });
    const weights = join(folder, 'models', 'fraud', '1');
    mkdirSync(weights, { recursive: true });
    copyFileSync(modelFile(1), join(weights, 'model.onnx'));
  });

  it('shows the one error of its program, and the place, as the compiler does', function () {
    this.timeout(60_000);
    const tsc = join(repositoryRoot, 'node_modules', 'typescript', 'bin', 'tsc');
    const { status, stdout } = spawnSync(process.execPath, [tsc, '--pretty', 'false'], {
      cwd: folder,
      encoding: 'utf8',
    });
    assert.equal(status, 2);
    const errors = [...stdout.matchAll(/^main\.ts\((\d+),(\d+)\): /gm)];
    assert.equal(errors.length, 1, stdout);
    const [message = '', place = ''] = compiler.split('\n\n');
    for (const line of message.split('\n')) assert.ok(stdout.includes(line), line);

    const [, line, column] = errors[0] ?? [];
    const [source, squiggle = ''] = place.split('\n');
    assert.equal(program.split('\n')[Number(line) - 1], source);
    assert.equal(squiggle.indexOf('~') + 1, Number(column));
  });

  it('shows lines of the verdict in their order', async () => {
    const { code, stdout } = await manara(['audit'], { cwd: folder });
    assert.equal(code, 1);
    let rest = stdout;
    for (const line of verdict.trimEnd().split('\n')) {
      if (line === '…') continue;
      const at = rest.indexOf(`${line}\n`);
      assert.ok(at >= 0, `manara audit does not say: ${line}\n\n${rest}`);
      rest = rest.slice(at + line.length + 1);
    }
  });
});
