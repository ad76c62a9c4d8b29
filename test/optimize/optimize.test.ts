import assert from 'node:assert/strict';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { documentReader, fraud } from '@manara/example-models';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { random } from '../support/random';
import { manara, type Outcome } from './manara';

/** A line of a sample. */
interface SampleTensor {
  readonly name: string;
  readonly datatype: 'FP32' | 'INT64';
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface Report {
  readonly accepted: boolean;
  readonly speedup: number;
  readonly steps: readonly { readonly step: string; readonly zeros?: number }[];
  readonly measure: { readonly outputs: readonly string[]; readonly reference: string };
  readonly before: { readonly accuracy: number | null; readonly bytes: number };
  readonly after: { readonly accuracy: number; readonly bytes: number; readonly version: number };
  readonly tools: { readonly onnxruntime: string };
}

/** The real command, with onnxruntime's real tools, on real models. */
describe('manara optimize', function () {
  // Installing the tools takes a minute, where the cache is empty.
  this.timeout(600_000);
  let folder: string;
  let repository: string;

  before(function () {
    folder = mkdtempSync(join(tmpdir(), 'manara-optimize-'));
    if (!manara.hasPython()) this.skip();
  });
  beforeEach(() => {
    repository = mkdtempSync(join(folder, 'models-'));
    cpSync(fraud.repositoryPath, repository, { recursive: true });
    const reader = join(repository, 'reader/1');
    mkdirSync(reader, { recursive: true });
    cpSync(documentReader.modelFile, join(reader, 'model.onnx'));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function sampleOf(
    lines: readonly {
      readonly inputs: readonly SampleTensor[];
      readonly outputs?: readonly SampleTensor[];
    }[],
  ): string {
    const file = join(mkdtempSync(join(folder, 'sample-')), 'sample.jsonl');
    writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    return file;
  }

  const next = random(1);
  const payments = Array.from({ length: 40 }, (): SampleTensor => ({
    name: 'features',
    datatype: 'FP32',
    shape: [4, 20],
    data: Array.from({ length: 80 }, () => next() * 4 - 2),
  }));
  const lines = Object.values(documentReader.samples).map(({ file }): SampleTensor => {
    const { data, shape } = documentReader.preprocess(readFileSync(file));
    return { name: documentReader.inputName, datatype: 'FP32', shape, data: [...data] };
  });
  const fraudSample = () => sampleOf(payments.map((input) => ({ inputs: [input] })));
  const readerSample = () => sampleOf(lines.map((input) => ({ inputs: [input] })));

  const optimize = (model: string, sample: string, ...flags: readonly string[]) =>
    manara.run(
      'optimize',
      join(repository, model),
      '--sample',
      sample,
      '--seconds',
      '0.5',
      // Ratios of small models come and go with the machine; what is refused for them has its unit test.
      '--allow-slower',
      '--json',
      ...flags,
    );
  const reportOf = ({ code, stdout, stderr }: Outcome, expected = 0): Report => {
    assert.equal(code, expected, stderr);
    const report = JSON.parse(stdout) as Report;
    console.log(
      `      ${report.speedup.toFixed(2)} times as fast, ${report.after.accuracy} as well`,
    );
    return report;
  };

  it('quantizes the fraud model’s weights, and the server’s own engine agrees', async () => {
    const report = reportOf(await optimize('fraud', fraudSample(), '--from', '1'));
    assert.deepEqual(
      report.steps.map(({ step }) => step),
      ['prepare', 'quantize', 'graph'],
    );
    assert.deepEqual(report.measure, {
      kind: 'argmax',
      outputs: ['probabilities'],
      reference: 'original',
      limit: { kind: 'least', share: 0.99 },
    });
    assert.ok(report.after.accuracy >= 0.99);
    assert.ok(report.after.bytes < report.before.bytes / 2);
    assert.equal(report.after.version, 3);
    assert.equal(report.tools.onnxruntime, '1.30.0');
    const [before, after] = await Promise.all(
      [1, 3].map((version) =>
        InferenceSession.create(join(repository, 'fraud', String(version), 'model.onnx')),
      ),
    );
    let equal = 0;
    for (const { data, shape } of payments) {
      const features = new Tensor('float32', Float32Array.from(data), shape);
      const [one, other] = await Promise.all([before!.run({ features }), after!.run({ features })]);
      const labels = [one, other].map((answer) => Array.from(answer.label!.data as BigInt64Array));
      equal += labels[0]!.filter((label, i) => label === labels[1]![i]).length;
    }
    // The figure of the report is that of another engine, but the same model.
    assert.equal(equal / 160, report.after.accuracy);
  });

  it('compares with labels that the sample gives', async () => {
    const session = await InferenceSession.create(fraud.versionFile(1));
    const labelled = await Promise.all(
      payments.map(async (input, i) => {
        const features = new Tensor('float32', Float32Array.from(input.data), input.shape);
        const { label } = await session.run({ features });
        const data = Array.from(label!.data as BigInt64Array, Number);
        // One in ten requests has a label that the model gets wrong.
        if (i % 10 === 0) data[0] = 1 - data[0]!;
        return {
          inputs: [input],
          outputs: [{ name: 'probabilities', datatype: 'INT64' as const, shape: [4], data }],
        };
      }),
    );
    const flags = ['--from', '1', '--min-accuracy', '0.9'];
    const report = reportOf(await optimize('fraud', sampleOf(labelled), ...flags));
    assert.equal(report.measure.reference, 'sample');
    assert.equal(report.before.accuracy, 156 / 160);
    assert.ok(Math.abs(report.after.accuracy - 156 / 160) < 0.02);
    const refused = await optimize('fraud', sampleOf(labelled), '--from', '1');
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /refused, and nothing was written/);
    assert.deepEqual(readdirSync(join(repository, 'fraud')).sort(), ['1', '2', '3']);
  });

  it('prunes, and holds a regression to its greatest error', async () => {
    const flags = ['--from', '1', '--quantize', 'none', '--prune', '0.4', '--measure', 'absolute'];
    const report = reportOf(await optimize('fraud', fraudSample(), ...flags, '--max-error', '1'));
    const pruned = report.steps.find(({ step }) => step === 'prune');
    assert.ok(Math.abs(Number(pruned?.zeros) - 0.4) < 0.01, String(pruned?.zeros));
    assert.ok(report.after.accuracy > 0);
    const limit = String(report.after.accuracy / 2);
    const refused = await optimize('fraud', fraudSample(), ...flags, '--max-error', limit);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /expected at most .* of absolute \(--max-error\), received /);
  });

  it('quantizes the document reader, which still reads its lines', async () => {
    const report = reportOf(await optimize('reader', readerSample(), '--min-accuracy', '0.95'));
    assert.ok(report.after.bytes < report.before.bytes * 0.8);
    const session = await InferenceSession.create(join(repository, 'reader/2/model.onnx'));
    for (const [i, { text }] of Object.values(documentReader.samples).entries()) {
      const { data, shape } = lines[i]!;
      const x = new Tensor('float32', Float32Array.from(data), shape);
      const output = (await session.run({ x }))[documentReader.outputName]!;
      assert.equal(documentReader.decode(output.data as Float32Array, output.dims).text, text);
    }
  });

  it('refuses ranges from so few lines, which spoil the document reader', async () => {
    const flags = ['--quantize', 'static', '--calibration', readerSample()];
    const report = reportOf(await optimize('reader', readerSample(), ...flags), 1);
    assert.ok(report.after.accuracy < 0.9);
    assert.deepEqual(readdirSync(join(repository, 'reader')), ['1']);
  });

  it('says of an ensemble of trees that it has nothing to quantize', async () => {
    const { code, stderr } = await optimize('fraud', fraudSample());
    assert.equal(code, 1);
    assert.match(stderr, /so there is nothing to quantize; it has TreeEnsembleClassifier/);
    assert.deepEqual(readdirSync(join(repository, 'fraud')).sort(), ['1', '2']);
  });

  for (const [what, line, message] of [
    ['no JSON', '{"inputs"', /line 2: expected a request such as/],
    [
      'another shape',
      { name: 'features', datatype: 'FP32', shape: [1, 20], data: [1] },
      /line 2: /,
    ],
    [
      'another datatype',
      { name: 'features', datatype: 'F32', shape: [1], data: [1] },
      /datatype F32 is not one of BOOL/,
    ],
    [
      'another input',
      { name: 'x', datatype: 'FP32', shape: [1], data: [1] },
      /the model does not take the sample: /,
    ],
  ] as const) {
    it(`refuses a sample with ${what}`, async () => {
      const sample = fraudSample();
      const [first = ''] = readFileSync(sample, 'utf8').split('\n');
      const second = typeof line === 'string' ? line : JSON.stringify({ inputs: [line] });
      writeFileSync(sample, `${first}\n${second}\n`);
      const { code, stderr } = await optimize('fraud', sample, '--from', '1');
      assert.equal(code, 1);
      assert.match(stderr, message);
    });
  }
});
