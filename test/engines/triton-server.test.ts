import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child } from '../support/child';
import { freePorts } from '../support/free-ports';
import { repositoryRoot } from '../support/paths';
import { pythonWith } from '../support/python';
import { tritonPod, versionOf } from './engine-trees';

const requirements = join(repositoryRoot, 'test/bench/peers/servers/requirements-triton.txt');
const launcher = join(repositoryRoot, 'test/engines/launch_triton.py');

const signature = {
  inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 4] }],
  outputs: [
    { name: 'y', datatype: 'FP32', shape: [-1, 4] },
    // A scalar for each row: Triton's shape of it is another.
    { name: 'rows', datatype: 'INT64', shape: [-1] },
  ],
} as const;

const pod = tritonPod({
  versions: [1, 3],
  signature,
  options: {
    serviceTimeMicros: 500,
    largerBatch: { rows: 16, micros: 900 },
    responseCache: true,
    models: [{ name: 'second', versions: [versionOf('second', 2, signature)] }],
    pipelines: [
      {
        name: 'four',
        inputs: ['a'],
        outputs: ['c', 'n'],
        steps: [
          { model: 'second', inputs: { x: 'b' }, outputs: { y: 'c', rows: 'n' } },
          { model: 'model', version: 1, inputs: { x: 'a' }, outputs: { y: 'b' } },
        ],
      },
    ],
  },
  millis: 500,
  perSecond: 100,
});
const versions = { model: [1, 3], second: [2], four: [1] };
const key = 'the-pods-own-id';

interface Answer {
  readonly model_version: string;
  readonly outputs: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly data: readonly number[];
  }[];
}

/**
 * A real Triton with the command line and the configurations of a pod. Only its ONNX Runtime backend is not
 * to be had here, so that models of Python answer in its place.
 */
describe('Triton with what a pod is given', function () {
  this.timeout(120_000);
  let folder: string;
  let server: Child;
  let http: string;
  let metrics: string;

  before(async function () {
    this.timeout(0);
    const python = pythonWith(requirements);
    if (python === undefined) return this.skip();
    folder = mkdtempSync(join(tmpdir(), 'manara-triton-'));
    const repository = layOut();
    const [rest = 0, grpc = 0, metric = 0] = await freePorts(3);
    const given = pod.args
      .filter((arg) => !/^--(?:model-repository|http-port|grpc-port|metrics-port)=/.test(arg))
      // Of a later Triton than the wheel has.
      .filter((arg) => !arg.startsWith('--http-max-input-size='))
      .map((arg) => arg.replace('$(POD_UID)', key));
    const here = ['http', 'grpc', 'metrics'].map((name) => `--${name}-address=127.0.0.1`);
    const flags = [
      ...[`--model-repository=${repository}`, ...here, ...given],
      ...[`--http-port=${rest}`, `--grpc-port=${grpc}`, `--metrics-port=${metric}`],
    ];
    const work = join(folder, 'work');
    mkdirSync(work);
    server = Child.start('triton', python, [launcher, repository, work, JSON.stringify(flags)], {
      logFile: join(folder, 'triton.log'),
    });
    http = `http://127.0.0.1:${rest}`;
    metrics = `http://127.0.0.1:${metric}/metrics`;
    await server.until(
      async () => (await fetch(`${http}/v2/health/ready`).catch(() => undefined))?.ok === true,
      60_000,
    );
  });

  after(async () => {
    await (server as Child | undefined)?.stop();
    if ((folder as string | undefined) !== undefined) rmSync(folder, { recursive: true });
  });

  /** The repository as the pod's mounts put it together, and a model that nobody named. */
  function layOut(): string {
    const repository = join(folder, 'models');
    for (const [model, numbers] of Object.entries(versions)) {
      for (const number of numbers)
        mkdirSync(join(repository, model, String(number)), { recursive: true });
      writeFileSync(
        join(repository, model, 'config.pbtxt'),
        pod.configs[model] ?? assert.fail(model),
      );
    }
    mkdirSync(join(repository, 'stranger', '1'), { recursive: true });
    const stranger = (pod.configs.second ?? '')
      .replace('"second"', '"stranger"')
      .replace('[2]', '[1]');
    writeFileSync(join(repository, 'stranger', 'config.pbtxt'), stranger);
    return repository;
  }

  const infer = async (model: string, rows: number, name = 'x'): Promise<Response> => {
    const data = Array.from({ length: rows * 4 }, (_, i) => i);
    const inputs = [{ name, datatype: 'FP32', shape: [rows, 4], data }];
    const body = JSON.stringify({ inputs });
    return fetch(`${http}/v2/models/${model}/infer`, { method: 'POST', body });
  };
  const answerOf = async (response: Response): Promise<Answer> => {
    assert.equal(response.status, 200, await response.clone().text());
    return (await response.json()) as Answer;
  };

  it('is ready with the models that are named, and no other', async () => {
    for (const [model, numbers] of Object.entries(versions)) {
      for (const number of numbers) {
        const ready = await fetch(`${http}/v2/models/${model}/versions/${number}/ready`);
        assert.equal(ready.status, 200, `${model} ${number}`);
      }
    }
    assert.notEqual((await fetch(`${http}/v2/models/stranger/ready`)).status, 200);
  });

  it('answers with the highest version where the path names none, a scalar with a dimension', async () => {
    const { model_version, outputs } = await answerOf(await infer('model', 2));
    assert.equal(model_version, '3');
    const [y, rows] = ['y', 'rows'].map((name) => outputs.find((one) => one.name === name));
    assert.deepEqual(y?.data, [0, 2, 4, 6, 8, 10, 12, 14]);
    assert.deepEqual(rows?.shape, [2, 1]);
  });

  it('answers by the pipeline, whatever the order in which its steps stand', async () => {
    const { outputs } = await answerOf(await infer('four', 1, 'a'));
    assert.deepEqual(outputs.find(({ name }) => name === 'c')?.data, [0, 4, 8, 12]);
  });

  it('takes as many rows as max_batch_size says, and one more not', async () => {
    const most = Number(/^max_batch_size: (\d+)$/m.exec(pod.configs.model ?? '')?.[1]);
    assert(most > 1);
    assert.equal((await infer('model', most)).status, 200);
    const refused = await infer('model', most + 1);
    assert.equal(refused.status, 400);
    assert.match(await refused.text(), /batch-size must be <= \d+/);
  });

  it('lets nobody load, unload or log who has not the key', async () => {
    for (const route of ['repository/models/model/unload', 'repository/index', 'logging']) {
      const url = `${http}/v2/${route}`;
      const closed = await fetch(url, { method: 'POST', body: '{}' });
      assert.equal(closed.status, 403, route);
      const wrong = await fetch(url, {
        method: 'POST',
        body: '{}',
        headers: { 'manara-admin': 'guess' },
      });
      assert.equal(wrong.status, 403, route);
    }
    const index = await fetch(`${http}/v2/repository/index`, {
      method: 'POST',
      headers: { 'manara-admin': key },
    });
    assert.equal(index.status, 200);
    await answerOf(await infer('model', 1));
  });

  it('keeps answers, and has the metric that replicas follow', async () => {
    await answerOf(await infer('model', 3));
    await answerOf(await infer('model', 3));
    const text = await (await fetch(metrics)).text();
    assert.match(text, /^nv_inference_pending_request_count\{model="model",version="3"\} 0$/m);
    const hits = /^nv_cache_num_hits_per_model\{model="model",version="3"\} (\d+)$/m.exec(text);
    assert(Number(hits?.[1]) > 0, text);
  });
});
