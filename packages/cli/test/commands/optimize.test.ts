import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/folders';
import { type FakePython, fakePython } from '../support/fake-python';
import { runCli } from '../../src/program';
import { Terminal } from '../../src/terminal';

const tools = { python: '3.12.1', onnxruntime: '1.30.0' };
const found = (accuracy: number, microsAfter = 50) => ({
  code: 0,
  output: JSON.stringify({
    steps: [{ step: 'prepare' }, { step: 'quantize', kind: 'dynamic' }],
    outputs: ['scores'],
    requests: 7,
    reference: 'original',
    before: { accuracy: null, micros: 100, bytes: 8 },
    after: { accuracy, micros: microsAfter, bytes: 9 },
    rounds: 5,
    tools,
  }),
});

describe('manara optimize', () => {
  let folder: string;
  let model: string;
  let sample: string;

  beforeEach(() => {
    folder = temporaryFolder();
    model = join(folder, 'models', 'ranker');
    mkdirSync(join(model, '2'), { recursive: true });
    writeFileSync(join(model, '2', 'model.onnx'), 'original');
    sample = join(folder, 'sample.jsonl');
    writeFileSync(sample, '{}\n');
  });

  const optimize = (props: FakePython, ...flags: readonly string[]) =>
    manara(model, '--sample', sample, '--python', fakePython(folder, props), ...flags);

  async function manara(...args: readonly string[]) {
    let stdout = '';
    let stderr = '';
    const terminal = new Terminal(
      { write: (text) => (stdout += text) },
      { write: (text) => (stderr += text) },
    );
    const environment = { MANARA_CACHE: join(folder, 'cache') };
    const code = await runCli(['optimize', ...args], terminal, environment);
    return { code, stdout, stderr };
  }

  it('writes what answers as well as the next version, whole and with its report', async () => {
    const { code, stdout, stderr } = await optimize({ tools: found(0.995) });
    assert.equal(code, 0, stderr);
    assert.deepEqual(readdirSync(model).sort(), ['2', '3']);
    assert.deepEqual(readdirSync(join(model, '3')).sort(), ['model.onnx', 'optimization.json']);
    assert.equal(existsSync('left-behind'), false);
    assert.equal(readFileSync(join(model, '3', 'model.onnx'), 'utf8'), 'optimized');
    const report = JSON.parse(
      readFileSync(join(model, '3', 'optimization.json'), 'utf8'),
    ) as unknown;
    assert.deepEqual(report, {
      model: 'ranker',
      accepted: true,
      steps: [{ step: 'prepare' }, { step: 'quantize', kind: 'dynamic' }],
      measure: {
        kind: 'argmax',
        outputs: ['scores'],
        reference: 'original',
        limit: { kind: 'least', share: 0.99 },
      },
      sample: {
        requests: 7,
        sha256: 'ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356',
      },
      before: {
        version: 2,
        sha256: '0682c5f2076f099c34cfdd15a9e063849ed437a49677e6fcc5b4198c76575be5',
        accuracy: null,
        micros: 100,
        bytes: 8,
      },
      after: {
        version: 3,
        sha256: 'e309757b16e4781dee884fe56c14c35467a2a7982825775ac766b0af6ad8ff4c',
        accuracy: 0.995,
        micros: 50,
        bytes: 9,
      },
      speedup: 2,
      rounds: 5,
      tools,
    });
    assert.match(stdout, /^before, version 2 +reference +100 µs +8$/m);
    assert.match(stdout, /^2 times as fast, by turns in one process \(5 rounds of 7 requests\)$/m);
    assert.match(stderr, /manara: wrote version 3 of ranker\n$/);
    assert.doesNotMatch(stderr, /slower/);
  });

  it('writes nothing of what answers worse, and says by how much', async () => {
    const { code, stdout, stderr } = await optimize({ tools: found(0.98) });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /refused, and nothing was written: expected at least 0\.99 of argmax \(--min-accuracy\), received 0\.98/,
    );
    assert.match(stdout, /^after +0\.98 /m);
    assert.deepEqual(readdirSync(model), ['2']);
  });

  it('writes nothing of what is slower, and names the flag that does', async () => {
    const { code, stdout, stderr } = await optimize({ tools: found(1, 137) });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /refused, and nothing was written: it is 0\.73 times as fast .*; --allow-slower writes it/,
    );
    assert.match(stdout, /^after +1 /m);
    assert.deepEqual(readdirSync(model), ['2']);
  });

  it('takes a difference that two runs of one model may have for none', async () => {
    const { code, stderr } = await optimize({ tools: found(1, 103) });
    assert.equal(code, 0);
    assert.match(stderr, /warning: version 3 is slower here than the one before/);
  });

  it('takes a lower limit, and a slower version where it is told to', async () => {
    const { code, stderr, stdout } = await optimize(
      { tools: found(0.98, 200) },
      '--min-accuracy',
      '0.9',
      '--allow-slower',
      '--json',
    );
    assert.equal(code, 0);
    assert.match(stderr, /warning: version 3 is slower here than the one before/);
    assert.equal((JSON.parse(stdout) as { readonly speedup: number }).speedup, 0.5);
  });

  it('takes a number after a version that holds no model', async () => {
    mkdirSync(join(model, '3'));
    assert.equal((await optimize({ tools: found(1) })).code, 0);
    assert.deepEqual(readdirSync(model).sort(), ['2', '3', '4']);
    assert.deepEqual(readdirSync(join(model, '3')), []);
  });

  it('installs its packages once', async () => {
    const first = await optimize({ tools: found(1) });
    const second = await optimize({ tools: found(1) });
    assert.match(first.stderr, /installing onnxruntime's tools for Python 3\.12\.1 into /);
    assert.doesNotMatch(second.stderr, /installing/);
    assert.deepEqual(readdirSync(model).sort(), ['2', '3', '4']);
  });

  it('says what the tools say, and leaves nothing', async () => {
    const output = JSON.stringify({ fault: '--quantize dynamic: there is nothing to quantize' });
    const { code, stderr } = await optimize({ tools: { code: 3, output } });
    assert.equal(code, 1);
    assert.match(stderr, /error: --quantize dynamic: there is nothing to quantize\n$/);
    assert.deepEqual(readdirSync(model), ['2']);
  });

  it('says how tools that break off ended', async () => {
    const { code, stderr } = await optimize({ tools: { code: 1, output: '' } });
    assert.equal(code, 1);
    assert.match(stderr, /cannot optimize this model \(exit code 1\): Traceback: the last line\n$/);
    assert.deepEqual(readdirSync(model), ['2']);
  });

  it('says what hinders pip, and does not take the half for a whole', async () => {
    const pip = { code: 1, output: 'No matching distribution' };
    const { code, stderr } = await optimize({ pip });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /requirements\.txt could not be installed; pip must be set up for an index that has them:\nNo matching distribution/,
    );
    assert.equal((await optimize({ tools: found(1) })).code, 0);
  });

  it('needs Python, and says which', async () => {
    const old = await optimize({ version: '3.9.2' });
    assert.equal(old.code, 1);
    assert.match(old.stderr, /expected Python 3\.11 or later, but ".*" is Python 3\.9\.2/);
    const none = await optimize({}, '--python', join(folder, 'none'));
    assert.equal(none.code, 1);
    assert.match(none.stderr, /expected Python 3\.11 or later, but ".*none" cannot be run/);
    assert.equal(existsSync(join(folder, 'cache')), false);
  });

  for (const [flags, message] of [
    [['--from', '1'], /--from: model "ranker" has 2; received 1/],
    [['--from', '0'], /Expected a whole number from 1/],
    [['--quantize', 'int4'], /Allowed choices are dynamic, static, none/],
    [['--prune', '1'], /Expected less than 1/],
    [['--min-accuracy', '99'], /Expected a number from 0 to 1/],
    [['--measure', 'absolute'], /expected --max-error, received none/],
    [['--sample', '/nowhere.jsonl'], /the sample cannot be read: ENOENT/],
    [
      ['--quantize', 'static', '--calibration', '/nowhere.jsonl'],
      /the sample cannot be read: ENOENT/,
    ],
  ] as const) {
    it(`refuses ${flags.join(' ')}`, async () => {
      const { code, stderr } = await optimize({}, ...flags);
      assert.equal(code, 2);
      assert.match(stderr, message);
      assert.deepEqual(readdirSync(model), ['2']);
    });
  }

  it('refuses a folder that holds no version', async () => {
    const { code, stderr } = await manara(folder, '--sample', sample);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /expected a model's folder with versions below it, <model>\/<version>\/model\.onnx/,
    );
  });
});
