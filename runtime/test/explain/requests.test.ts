import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { Metadata, status } from '@grpc/grpc-js';
import { exactShapley } from '../../src/explain/exact-shapley';
import { failureOf, TestGrpcClient } from '../support/grpc-client';
import {
  imageSum,
  linear,
  regression,
  regressionWeights,
  textAndNumber,
  tokenScore,
} from '../support/explained-models';
import { getJson, postBinary, postJson } from '../support/http-client';
import { noise, slowOnDemand } from '../support/models';
import { startTestServer, type TestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';

interface Answer {
  readonly model_name: string;
  readonly model_version: string;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  readonly outputs: readonly {
    readonly name: string;
    readonly datatype: string;
    readonly shape: readonly number[];
    readonly data: readonly (number | string | boolean)[];
  }[];
}

describe('explanations', () => {
  const repository = new TemporaryRepository();
  let test: TestServer;
  let grpc: TestGrpcClient;

  const x = { name: 'x', datatype: 'FP32', shape: [1, 3], data: [1, 2, 3] };
  const background = {
    name: 'background',
    datatype: 'FP32',
    shape: [2, 3],
    data: [0, 0, 0, 1, 1, 1],
  };
  const wide = (columns: number): readonly object[] => [
    { name: 'x', datatype: 'FP32', shape: [1, columns], data: [...noise(columns, 9)] },
    { name: 'background', datatype: 'FP32', shape: [4, columns], data: [...noise(columns * 4, 7)] },
  ];

  before(async function () {
    this.timeout(60_000);
    repository.add('linear', 1, linear());
    repository.add('named', 1, linear());
    repository.write(
      'named/1/explain.json',
      JSON.stringify({
        features: ['age', 'income', 'debt'],
        groups: [{ name: 'money', features: ['income', 2] }],
        background: {
          rows: [
            [0, 0, 0],
            [4, 4, 4],
          ],
          weights: [3, 1],
        },
        target: 1,
      }),
    );
    repository.add('eight', 1, regression(8));
    repository.add('twenty', 1, regression(20));
    repository.config('eight', 'max_batch_size: 64');
    repository.add('image', 1, imageSum());
    repository.add('tokens', 1, tokenScore());
    repository.add('mixed', 1, textAndNumber());
    repository.add('slow', 1, slowOnDemand(40));
    repository.add('broken', 1, linear());
    repository.write('broken/1/explain.json', '{"features": ["one"]}');
    test = await startTestServer(repository.folder);
    grpc = new TestGrpcClient(test.grpc);
  });
  after(async () => {
    grpc.close();
    await test.server.close();
    repository.remove();
  });

  async function explain(model: string, body: object): Promise<Answer> {
    const { status: code, body: answer } = await postJson(
      `${test.url}/v2/models/${model}/explain`,
      body,
    );
    assert.equal(code, 200, JSON.stringify(answer));
    return answer as unknown as Answer;
  }

  async function refused(model: string, body: unknown): Promise<readonly [number, string, string]> {
    const { status: code, body: answer } = await postJson(
      `${test.url}/v2/models/${model}/explain`,
      body,
    );
    return [code, String(answer.code), String(answer.error)];
  }

  function output(answer: Answer, name: string): Answer['outputs'][number] {
    const found = answer.outputs.find((candidate) => candidate.name === name);
    assert.ok(found, `no output ${name} among ${answer.outputs.map((o) => o.name).join(', ')}`);
    return found;
  }

  const numbers = (answer: Answer, name: string): number[] => output(answer, name).data.map(Number);

  it('gives a request with the same key the same answer', async () => {
    const url = `${test.url}/v2/models/linear/explain`;
    const key = { 'idempotency-key': 'e1' };
    const first = await postJson(url, { inputs: [x, background] }, key);
    const again = await postJson(url, { inputs: [x, background] }, key);
    assert.equal(first.status, 200);
    assert.deepEqual(again.body, first.body);
    assert.equal(again.headers.get('idempotency-replayed'), 'true');
    const other = await postJson(url, { inputs: [background, x] }, key);
    assert.deepEqual([other.status, other.body.code], [422, 'IDEMPOTENCY_MISMATCH']);

    const metadata = new Metadata();
    metadata.set('idempotency-key', 'e2');
    const message = {
      model_name: 'linear',
      inputs: [x, background].map(({ data, ...input }) => ({
        ...input,
        contents: { fp32_contents: data },
      })),
    };
    const called = await grpc.callWith('ModelExplain', message, metadata, 'explanation');
    const repeated = await grpc.callWith('ModelExplain', message, metadata, 'explanation');
    assert.deepEqual(called.metadata.get('idempotency-replayed'), []);
    assert.deepEqual(repeated.metadata.get('idempotency-replayed'), ['true']);
    assert.deepEqual(repeated.answer, called.answer);
  });

  it('answers in the form of the protocol', async () => {
    const answer = await explain('linear', { id: 'q', inputs: [x, background] });
    assert.deepEqual(answer, {
      model_name: 'linear',
      model_version: '1',
      id: 'q',
      parameters: {
        method: 'kernel_shap',
        mode: 'exact',
        complete: true,
        input: 'x',
        output: 'y',
        target: 0,
        evaluations: 15,
        seed: 0,
        link: 'identity',
        features: 3,
        background_rows: 2,
      },
      outputs: [
        { name: 'attributions', datatype: 'FP64', shape: [3], data: answer.outputs[0]!.data },
        { name: 'base_value', datatype: 'FP64', shape: [1], data: [3] },
        { name: 'prediction', datatype: 'FP64', shape: [1], data: [14] },
        { name: 'additivity_error', datatype: 'FP64', shape: [1], data: answer.outputs[3]!.data },
      ],
    });
    // The greatest of the outputs is explained: x W = (14, -3.5); the mean row is 0.5.
    for (const [i, expected] of [0.5, 3, 7.5].entries()) {
      assert.ok(Math.abs(numbers(answer, 'attributions')[i]! - expected) < 1e-12);
    }
    assert.ok(Math.abs(numbers(answer, 'additivity_error')[0]!) < 1e-12);
    const version = `${test.url}/v2/models/linear/versions/1/explain`;
    assert.equal((await postJson(version, { inputs: [x, background] })).status, 200);
    const { body } = await getJson(`${test.url}/v2`);
    assert.ok((body.extensions as string[]).includes('explain'));
  });

  it('takes names, groups, background and target from explain.json', async () => {
    const answer = await explain('named', { inputs: [x] });
    assert.deepEqual(output(answer, 'feature_names').data, ['money', 'age']);
    assert.deepEqual(output(answer, 'attributions').shape, [2]);
    // Weights -1, -2, 0.5; the background's mean is 1 everywhere.
    const [money = NaN, age = NaN] = numbers(answer, 'attributions');
    assert.ok(Math.abs(money - (-2 * 1 + 0.5 * 2)) < 1e-12);
    assert.ok(Math.abs(age) < 1e-12);
    assert.equal(answer.parameters.target, 1);
    const asked = await explain('named', {
      inputs: [x, background],
      parameters: { target: 0, groups: '0-2' },
    });
    assert.deepEqual(output(asked, 'feature_names').data, ['age+income+debt']);
    assert.ok(Math.abs(numbers(asked, 'attributions')[0]! - 11) < 1e-12);
  });

  it('reports an explain.json that does not fit as it does a broken configuration', async () => {
    const index = await postJson(`${test.url}/v2/repository/index`);
    const entries = index.body as unknown as readonly {
      readonly name: string;
      readonly reason?: string;
    }[];
    assert.match(
      entries.find(({ name }) => name === 'broken')?.reason ?? '',
      /^explain\.json: features: there are 1 names; a row of input "x" \[-1,3\] has 3 elements$/,
    );
  });

  it('is exact on a small model that is not linear, whatever its max_batch_size, as brute force says', async () => {
    const answer = await explain('eight', { inputs: wide(8) });
    assert.equal(answer.parameters.mode, 'exact');
    assert.equal(answer.parameters.evaluations, 1 + 4 * (2 ** 8 - 1));
    const [w1, w2] = regressionWeights(8);
    const f = (row: readonly number[]): number =>
      Array.from({ length: 8 }, (_, h) =>
        Math.tanh(row.reduce((sum, v, i) => sum + v * Number(w1.data[i * 8 + h]!), 0)),
      ).reduce((sum, v, h) => sum + v * Number(w2.data[h]!), 0);
    const [row, rows] = [[...noise(8, 9)], [...noise(32, 7)]];
    const expected = exactShapley(8, (mask) => {
      let sum = 0;
      for (let b = 0; b < 4; b++) {
        sum += f(row.map((own, i) => ((mask >> i) & 1 ? own : rows[b * 8 + i]!))) / 4;
      }
      return sum;
    });
    for (const [i, value] of numbers(answer, 'attributions').entries()) {
      // FP32 in the engine, FP64 here.
      assert.ok(Math.abs(value - expected[i]!) < 1e-6, `${value} is not ${expected[i]!}`);
    }
  });

  it('samples what is too much to enumerate, the same bytes for the same seed', async () => {
    const body = { inputs: wide(20), parameters: { seed: 3, budget: 2000 } };
    const first = await explain('twenty', body);
    assert.equal(first.parameters.mode, 'sampled');
    assert.equal(first.parameters.budget, 2000);
    assert.ok(Number(first.parameters.evaluations) <= 2000);
    assert.ok(Number(first.parameters.evaluations) > 1900);
    assert.deepEqual(output(first, 'standard_error').shape, [20]);
    assert.ok(Math.abs(numbers(first, 'additivity_error')[0]!) < 1e-12);
    const load = Array.from({ length: 5 }, (_, seed) =>
      explain('twenty', { ...body, parameters: { seed: seed + 10, budget: 2000 } }),
    );
    assert.deepEqual(await explain('twenty', body), first);
    for (const other of await Promise.all(load)) {
      assert.notDeepEqual(numbers(other, 'attributions'), numbers(first, 'attributions'));
    }
  });

  it('does large arithmetic in its own thread, to the same result', async () => {
    const parameters = { budget: 60_000 };
    const answer = await explain('twenty', { inputs: wide(20), parameters });
    assert.equal(answer.parameters.evaluations, 1 + 4 * (1 + 14_998));
    const errors = numbers(answer, 'standard_error');
    const few = await explain('twenty', { inputs: wide(20), parameters: { budget: 3000 } });
    for (const [i, value] of numbers(answer, 'attributions').entries()) {
      const room = 6 * Math.hypot(errors[i]!, numbers(few, 'standard_error')[i]!);
      assert.ok(Math.abs(value - numbers(few, 'attributions')[i]!) < room);
    }
  });

  it('explains by permutation', async () => {
    const parameters = { method: 'permutation', budget: 1000, seed: 1 };
    const answer = await explain('eight', { inputs: wide(8), parameters });
    // Four rows for the background, 56 for each order there and back.
    assert.equal(answer.parameters.evaluations, 1 + 4 + 17 * 56);
    const exact = await explain('eight', { inputs: wide(8) });
    for (const [i, error] of numbers(answer, 'standard_error').entries()) {
      const off = numbers(answer, 'attributions')[i]! - numbers(exact, 'attributions')[i]!;
      assert.ok(Math.abs(off) < 6 * error + 1e-6, `${off} with ${error}`);
    }
  });

  it('explains one column of a background weighted by the request', async () => {
    const weights = { name: 'background_weights', datatype: 'FP64', shape: [2], data: [1, 3] };
    const answer = await explain('linear', { inputs: [x, background, weights] });
    // The mean row is 0.75.
    assert.ok(Math.abs(numbers(answer, 'attributions')[2]! - 3 * 2.25) < 1e-6);
  });

  it('covers windows of an image', async () => {
    const image = {
      name: 'image',
      datatype: 'FP32',
      shape: [1, 1, 4, 4],
      data: new Array<number>(16).fill(2),
    };
    const answer = await explain('image', {
      inputs: [image],
      parameters: { window: 2, axes: '1,2' },
    }).catch(() => undefined);
    assert.equal(answer, undefined);
    const found = await explain('image', { inputs: [image], parameters: { window: '2,2' } });
    assert.equal(found.parameters.method, 'occlusion');
    assert.equal(found.parameters.evaluations, 6);
    assert.deepEqual(output(found, 'attributions').shape, [1, 4, 4]);
    // 2 * (0 + 1 + 4 + 5), then what lies to the right and below.
    assert.deepEqual(
      numbers(found, 'attributions'),
      [20, 20, 36, 36, 20, 20, 36, 36, 84, 84, 100, 100, 84, 84, 100, 100],
    );
    assert.deepEqual(numbers(found, 'base_value'), [0]);
    assert.deepEqual(numbers(found, 'additivity_error'), [240 - 4 * 240]);
    const grey = await explain('image', {
      inputs: [image],
      parameters: { window: '4,4', baseline: 1 },
    });
    assert.deepEqual(numbers(grey, 'attributions'), new Array<number>(16).fill(120));
  });

  it('covers the tokens of a text, the mask held as it is', async () => {
    const ids = { name: 'ids', datatype: 'INT64', shape: [1, 4], data: [1, 3, 5, 2] };
    const mask = { name: 'mask', datatype: 'FP32', shape: [1, 4], data: [1, 1, 1, 0] };
    const parameters = { input: 'ids', baseline: 0 };
    const answer = await explain('tokens', { inputs: [ids, mask], parameters });
    assert.deepEqual(numbers(answer, 'attributions'), [1, 4, 16, 0]);
    assert.deepEqual(numbers(answer, 'additivity_error'), [0]);
    const some = await explain('tokens', {
      inputs: [mask, ids],
      parameters: { ...parameters, positions: '1-2' },
    });
    assert.deepEqual(numbers(some, 'attributions'), [0, 4, 16, 0]);
    assert.deepEqual(numbers(some, 'base_value'), [1]);
    const [, , missing] = await refused('tokens', {
      inputs: [ids, mask],
      parameters: { input: 'ids' },
    });
    assert.match(missing, /"parameters.baseline": expected the INT64 that covers an element/);
    const [, , which] = await refused('tokens', { inputs: [ids, mask] });
    assert.match(which, /"parameters.input": expected the input to explain, one of "ids", "mask"/);
  });

  it('explains a number beside a text, and refuses the text', async () => {
    const text = { name: 'text', datatype: 'BYTES', shape: [1, 1], data: ['held'] };
    const n = { name: 'n', datatype: 'FP32', shape: [1, 2], data: [1, 5] };
    const zero = { name: 'background', datatype: 'FP32', shape: [1, 2], data: [0, 0] };
    const answer = await explain('mixed', { inputs: [text, n, zero], parameters: { input: 'n' } });
    assert.deepEqual(numbers(answer, 'attributions'), [0, 10]);
    const [code, name, why] = await refused('mixed', {
      inputs: [text, n],
      parameters: { input: 'text' },
    });
    assert.deepEqual([code, name], [400, 'EXPLANATION_UNSUPPORTED']);
    assert.match(why, /input "text" is BYTES/);
  });

  it('takes and gives binary tensors', async () => {
    const bytes = (values: Float32Array): Uint8Array => new Uint8Array(values.buffer);
    const tensors = [bytes(Float32Array.of(1, 2, 3)), bytes(Float32Array.of(0, 0, 0, 1, 1, 1))];
    const binary = ({ name, datatype, shape }: typeof x, i: number): object => ({
      name,
      datatype,
      shape,
      parameters: { binary_data_size: tensors[i]!.byteLength },
    });
    const json = {
      inputs: [binary(x, 0), binary(background, 1)],
      parameters: { binary_data_output: true },
    };
    const answer = await postBinary(`${test.url}/v2/models/linear/explain`, json, tensors);
    assert.equal(answer.status, 200, JSON.stringify(answer.json));
    const values = new Float64Array(new Uint8Array(answer.binary).buffer);
    assert.equal(values.length, 3 + 3);
    assert.ok(Math.abs(values[2]! - 7.5) < 1e-12);
  });

  it('answers over gRPC, typed and raw', async () => {
    const contents = (values: readonly number[]): object => ({ fp32_contents: values });
    const inputs = [
      { name: 'x', datatype: 'FP32', shape: [1, 3], contents: contents(x.data) },
      { name: 'background', datatype: 'FP32', shape: [2, 3], contents: contents(background.data) },
    ];
    const parameters = { seed: { int64_param: 4 }, link: { string_param: 'identity' } };
    const request = { model_name: 'linear', id: 'g', inputs, parameters };
    const answer = (await grpc.call('ModelExplain', request, 'explanation')) as unknown as {
      readonly id: string;
      readonly parameters: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
      readonly outputs: readonly {
        readonly name: string;
        readonly contents: { readonly fp64_contents: number[] };
      }[];
    };
    assert.equal(answer.id, 'g');
    assert.equal(answer.parameters.mode?.string_param, 'exact');
    assert.equal(answer.parameters.complete?.bool_param, true);
    assert.equal(answer.parameters.seed?.int64_param, '4');
    const rest = await explain('linear', { inputs: [x, background] });
    assert.deepEqual(answer.outputs[0]?.contents.fp64_contents, numbers(rest, 'attributions'));
    const raw = await grpc.call(
      'ModelExplain',
      {
        ...request,
        inputs: inputs.map(({ name, datatype, shape }) => ({ name, datatype, shape })),
        raw_input_contents: [x.data, background.data].map((data) =>
          Buffer.from(Float32Array.from(data).buffer),
        ),
      },
      'explanation',
    );
    assert.equal((raw.raw_output_contents as readonly Buffer[])[0]?.byteLength, 24);
    const error = await failureOf(
      grpc.call(
        'ModelExplain',
        { ...request, parameters: { seed: { int64_param: '9007199254740993' } } },
        'explanation',
      ),
    );
    assert.equal(status[error.code], 'INVALID_ARGUMENT');
    assert.match(error.details, /"parameters.seed": expected a number between/);
  });

  it('ends at the deadline with what it knows, or says that it knows nothing', async () => {
    const shape = { name: 'shape', datatype: 'INT64', shape: [2], data: [600, 600] };
    const one = { name: 'x', datatype: 'FP32', shape: [1, 1], data: [1] };
    const zero = { name: 'background', datatype: 'FP32', shape: [1, 1], data: [0] };
    const began = Date.now();
    const [code, name, why] = await refused('slow', {
      inputs: [one, shape, zero],
      parameters: { input: 'x', deadline_ms: 5 },
    });
    assert.deepEqual([code, name], [504, 'EXPLANATION_INCOMPLETE'], why);
    assert.ok(Date.now() - began < 2000);
    const early = await explain('twenty', {
      inputs: wide(20),
      parameters: { method: 'permutation', budget: 1_000_000, deadline_ms: 200 },
    });
    assert.equal(early.parameters.complete, false);
    assert.equal(early.parameters.mode, 'sampled');
    assert.ok(Math.abs(numbers(early, 'additivity_error')[0]!) < 1e-12);
  });

  it('stops once the caller has left', async () => {
    const evaluations = async (): Promise<number> => {
      const text = await (await fetch(test.metricsUrl)).text();
      return Number(
        /manara_explain_evaluations\{model="twenty",version="1"\} (\d+)/.exec(text)?.[1],
      );
    };
    const failed = test.logs.length;
    const before = await evaluations();
    const body = JSON.stringify({ inputs: wide(20), parameters: { budget: 260_000 } });
    const { port, hostname } = new URL(test.url);
    const socket = connect({ port: Number(port), host: hostname });
    socket.write(
      `POST /v2/models/twenty/explain HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    await new Promise((resolve) => setTimeout(resolve, 60));
    socket.destroy();
    for (
      let i = 0;
      i < 200 && !test.logs.slice(failed).some((line) => line.error === 'REQUEST_CANCELED');
      i++
    ) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const used = (await evaluations()) - before;
    assert.ok(used > 0 && used < 200_000, `${used} rows`);
    assert.ok(test.logs.slice(failed).some((line) => line.error === 'REQUEST_CANCELED'));
  });

  it('bounds how many are under way', async () => {
    const parameters = { method: 'permutation', budget: 1_000_000, deadline_ms: 500 };
    const long = { inputs: wide(20), parameters };
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => postJson(`${test.url}/v2/models/twenty/explain`, long)),
    );
    const codes = answers.map(({ status: code }) => code).sort();
    assert.deepEqual(codes.slice(-4), [429, 429, 429, 429]);
    assert.equal(codes.filter((code) => code === 200).length, 8);
    assert.equal((await explain('linear', { inputs: [x, background] })).parameters.mode, 'exact');
  });

  it('answers others while an explanation runs', async () => {
    const parameters = { budget: 250_000, deadline_ms: 1000 };
    const long = explain('twenty', { inputs: wide(20), parameters });
    let slowest = 0;
    for (let i = 0; i < 40; i++) {
      const began = performance.now();
      const { status: code } = await postJson(`${test.url}/v2/models/linear/infer`, {
        inputs: [x],
      });
      assert.equal(code, 200);
      slowest = Math.max(slowest, performance.now() - began);
    }
    assert.ok(slowest < 250, `${slowest} ms`);
    await long;
  });

  describe('refuses', () => {
    const infinite = { ...background, data: [1e30, 1e30, 1e30, 3e38, 3e38, 3e38] };
    const cases: readonly (readonly [string, string, object, number, string, RegExp])[] = [
      ['no background', 'linear', { inputs: [x] }, 400, 'BACKGROUND_MISSING', /input "background"/],
      [
        'two rows',
        'linear',
        { inputs: [{ ...x, shape: [2, 3], data: [1, 2, 3, 4, 5, 6] }, background] },
        400,
        'EXPLANATION_UNSUPPORTED',
        /one row is explained at a time, and input "x" has 2/,
      ],
      [
        'an unknown parameter',
        'linear',
        { inputs: [x, background], parameters: { sead: 1 } },
        400,
        'FIELD_INVALID',
        /"parameters": expected some of method, .*received "sead"/,
      ],
      [
        'a method that there is none of',
        'linear',
        { inputs: [x, background], parameters: { method: 'lime' } },
        400,
        'FIELD_INVALID',
        /expected one of kernel_shap, permutation, occlusion, received "lime"/,
      ],
      [
        'a budget below the least',
        'linear',
        { inputs: [x, background], parameters: { budget: 14 } },
        400,
        'FIELD_INVALID',
        /"parameters.budget": expected 15, which 3 features that differ from 2 background rows/,
      ],
      [
        'a budget beyond the greatest',
        'linear',
        { inputs: [x, background], parameters: { budget: 1e9 } },
        400,
        'FIELD_INVALID',
        /from 1 to 1000000, received 1000000000/,
      ],
      [
        'a seed that is no whole number',
        'linear',
        { inputs: [x, background], parameters: { seed: 0.5 } },
        400,
        'FIELD_INVALID',
        /"parameters.seed"/,
      ],
      [
        'a deadline of nothing',
        'linear',
        { inputs: [x, background], parameters: { deadline_ms: 0 } },
        400,
        'FIELD_INVALID',
        /from 1 to 600000/,
      ],
      [
        'a target beyond the output',
        'linear',
        { inputs: [x, background], parameters: { target: 2 } },
        400,
        'FIELD_INVALID',
        /from 0 to 1, received 2/,
      ],
      [
        'a group beyond the row',
        'linear',
        { inputs: [x, background], parameters: { groups: '0;3' } },
        400,
        'FIELD_INVALID',
        /group 1 holds element 3; the row has 3/,
      ],
      [
        'an element in two groups',
        'linear',
        { inputs: [x, background], parameters: { groups: '0-1;1' } },
        400,
        'FIELD_INVALID',
        /element 1 stands in two groups/,
      ],
      [
        'groups without end',
        'linear',
        { inputs: [x, background], parameters: { groups: '0-999999999' } },
        400,
        'FIELD_INVALID',
        /"parameters.groups": expected groups of elements/,
      ],
      [
        'a window of occlusion for KernelSHAP',
        'linear',
        { inputs: [x, background], parameters: { window: 1 } },
        400,
        'FIELD_INVALID',
        /nothing: method kernel_shap has no use for it/,
      ],
      [
        'a background of another width',
        'linear',
        { inputs: [x, { ...background, shape: [3, 2] }] },
        400,
        'SHAPE_MISMATCH',
        /"background" has shape \[3,2\]; expected \[-1,3\]/,
      ],
      [
        'a background of another type',
        'linear',
        { inputs: [x, { ...background, datatype: 'FP64' }] },
        400,
        'DATATYPE_MISMATCH',
        /"background" has datatype FP64; expected FP32/,
      ],
      [
        'two backgrounds',
        'linear',
        { inputs: [x, background, background] },
        400,
        'INPUT_DUPLICATE',
        /"background" stands twice/,
      ],
      [
        'a background too large',
        'linear',
        { inputs: [x, { ...background, shape: [5000, 3] }] },
        400,
        'SHAPE_INVALID',
        /at most 4096 rows/,
      ],
      [
        'weights without rows',
        'linear',
        { inputs: [x, { name: 'background_weights', datatype: 'FP64', shape: [2], data: [1, 1] }] },
        400,
        'INPUT_MISSING',
        /"background" is missing; expected FP32 \[-1,3\]/,
      ],
      [
        'weights of another number',
        'linear',
        {
          inputs: [
            x,
            background,
            { name: 'background_weights', datatype: 'FP64', shape: [3], data: [1, 1, 1] },
          ],
        },
        400,
        'SHAPE_INVALID',
        /"rows" is 2 in input "background" and 3 here/,
      ],
      [
        'a weight of nothing',
        'linear',
        {
          inputs: [
            x,
            background,
            { name: 'background_weights', datatype: 'FP64', shape: [2], data: [1, 0] },
          ],
        },
        400,
        'VALUE_INVALID',
        /element 1 is 0; expected a number above 0/,
      ],
      [
        'several outputs',
        'linear',
        { inputs: [x, background], outputs: [{ name: 'y' }, { name: 'y' }] },
        400,
        'FIELD_INVALID',
        /"outputs": expected one/,
      ],
      [
        'an output that there is none of',
        'linear',
        { inputs: [x, background], outputs: [{ name: 'z' }] },
        400,
        'OUTPUT_UNKNOWN',
        /"z"/,
      ],
      [
        'values beyond numbers',
        'linear',
        { inputs: [x, infinite], parameters: { target: 0 } },
        400,
        'EXPLANATION_NOT_FINITE',
        /came to Infinity/,
      ],
      [
        'log-odds of what is no probability',
        'linear',
        { inputs: [x, background], parameters: { link: 'logit' } },
        400,
        'EXPLANATION_NOT_FINITE',
        /no probability/,
      ],
      [
        'a stride past the window',
        'image',
        {
          inputs: [
            {
              name: 'image',
              datatype: 'FP32',
              shape: [1, 1, 4, 4],
              data: new Array<number>(16).fill(2),
            },
          ],
          parameters: { window: '2,2', stride: '3,3' },
        },
        400,
        'FIELD_INVALID',
        /at most the window, 2,2/,
      ],
      [
        'axes that the row has not',
        'image',
        {
          inputs: [
            {
              name: 'image',
              datatype: 'FP32',
              shape: [1, 1, 4, 4],
              data: new Array<number>(16).fill(2),
            },
          ],
          parameters: { axes: '3' },
        },
        400,
        'FIELD_INVALID',
        /shape is \[1,4,4\]/,
      ],
      [
        'a budget below the windows',
        'image',
        {
          inputs: [
            {
              name: 'image',
              datatype: 'FP32',
              shape: [1, 1, 4, 4],
              data: new Array<number>(16).fill(2),
            },
          ],
          parameters: { window: '1,1', budget: 17 },
        },
        400,
        'FIELD_INVALID',
        /expected 18/,
      ],
      ['an unknown model', 'nope', { inputs: [x] }, 404, 'MODEL_UNKNOWN', /"nope"/],
      ['a body that is no JSON', 'linear', { inputs: 'x' }, 400, 'FIELD_INVALID', /"inputs"/],
    ];
    for (const [what, model, body, code, name, message] of cases) {
      it(what, async () => {
        const answer = await refused(model, body);
        assert.deepEqual(answer.slice(0, 2), [code, name], answer[2]);
        assert.match(answer[2], message);
      });
    }

    it('rows with more features than can be told apart', async () => {
      const length = 300_000;
      const tensor = (name: string, datatype: string, bytes: number): object => ({
        name,
        datatype,
        shape: [1, length],
        parameters: { binary_data_size: bytes * length },
      });
      const json = {
        inputs: [
          tensor('ids', 'INT64', 8),
          tensor('mask', 'FP32', 4),
          tensor('background', 'FP32', 4),
        ],
        parameters: { input: 'mask' },
      };
      const { status: code, json: answer } = await postBinary(
        `${test.url}/v2/models/tokens/explain`,
        json,
        [new Uint8Array(16 * length)],
      );
      assert.deepEqual([code, answer.code], [400, 'FIELD_INVALID']);
      assert.match(String(answer.error), /at most 65536 features.*received 300000 of 300000/);
    });

    it('JSON that would be read for too long', async () => {
      const data = new Array<number>(60_000).fill(0.125);
      const body = { inputs: [x, { ...background, shape: [20_000, 3], data }] };
      const [code, name, why] = await refused('linear', body);
      assert.deepEqual([code, name], [413, 'BODY_TOO_LARGE']);
      assert.match(why, /the limit of an explanation's JSON; send large tensors as binary data/);
    });
  });

  describe('afterwards', () => {
    it('tells metrics and logs, apart from inferences', async () => {
      const text = await (await fetch(test.metricsUrl)).text();
      const value = (name: string): number =>
        Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
      assert.ok(
        value(
          'request_explain_seconds_count\\{model="linear",version="1",model_name="linear"\\}',
        ) >= 5,
      );
      assert.equal(
        value('request_explain_seconds_count\\{model="named",version="1",model_name="named"\\}'),
        2,
      );
      // 1 row, 2 of the background, 3 features of which two are joined; and one feature alone.
      assert.equal(
        value('manara_explain_evaluations\\{model="named",version="1"\\}'),
        1 + 2 * 3 + 1 + 2,
      );
      assert.ok(
        value('manara_explain_failure\\{model="linear",version="1",reason="OTHER"\\}') > 10,
      );
      assert.equal(value('nv_inference_request_success\\{model="named",version="1"\\}'), 0);
      assert.ok(test.logs.some((line) => line.msg === 'explained' && line.model === 'named'));
    });
  });
});
