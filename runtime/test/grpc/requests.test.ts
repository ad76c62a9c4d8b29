import assert from 'node:assert/strict';
import { status } from '@grpc/grpc-js';
import { failureOf, TestGrpcClient } from '../support/grpc-client';
import { add } from '../support/models';
import { startTestServer, type TestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';

describe('gRPC', () => {
  const repository = new TemporaryRepository();
  const contents = { fp32_contents: [1, 2] };
  const a = { name: 'a', datatype: 'FP32', shape: [1, 2], contents };
  const good = { model_name: 'add', inputs: [a, { ...a, name: 'b' }] };
  let test: TestServer;
  let client: TestGrpcClient;

  before(async () => {
    repository.add('add', 1, add());
    repository.config('add', 'max_batch_size: 2');
    repository.add('broken', 1, 'garbage');
    test = await startTestServer(repository.folder, { maxRequestBytes: 4096 });
    client = new TestGrpcClient(test.grpc);
  });
  after(async () => {
    client.close();
    await test.server.close();
    repository.remove();
  });
  afterEach('the server still answers', async () => {
    await client.call('ModelInfer', good);
  });

  it('tells that it is live and which models are ready', async () => {
    assert.deepEqual(await client.call('ServerLive', {}), { live: true });
    assert.deepEqual(await client.call('ServerReady', {}), { ready: false });
    assert.deepEqual(await client.call('ModelReady', { name: 'add' }), { ready: true });
    assert.deepEqual(await client.call('ModelReady', { name: 'broken' }), { ready: false });
    const health = await client.call('Check', { service: '' }, 'health');
    assert.deepEqual(health, { status: 'NOT_SERVING' });
    const service = 'inference.GRPCInferenceService';
    const same = await client.call('Check', { service }, 'health');
    assert.deepEqual(same, { status: 'NOT_SERVING' });
    const unknown = await failureOf(client.call('Check', { service: 'nope' }, 'health'));
    assert.equal(status[unknown.code], 'NOT_FOUND');
    assert.match(unknown.details, /"nope" is not known; check "" .* or "inference\.GRPCInfer/);
  });

  it('answers a huge name with an error that fits a header, and goes on', async () => {
    for (const name of [
      'n'.repeat(3000),
      '😀'.repeat(700),
      'ن'.repeat(1500),
      '\n"\0'.repeat(500),
    ]) {
      const error = await failureOf(client.call('ModelMetadata', { name }));
      assert.equal(status[error.code], 'NOT_FOUND');
      assert.equal(error.details.length <= 800, true);
      assert.deepEqual(await client.call('ServerLive', {}), { live: true });
    }
  });

  it('says of bytes that are no message that the caller sent them', async () => {
    const error = await failureOf(client.callRaw('ModelInfer', Buffer.from([0x2a, 0x7f, 1])));
    assert.equal(status[error.code], 'INVALID_ARGUMENT');
    assert.match(error.details, /^The message is not a ModelInferRequest: /);
  });

  it('passes over fields that the protocol does not know', async () => {
    // Field 99, a string; the name of the model behind it.
    const bytes = Buffer.from([0x9a, 0x06, 2, 0x61, 0x62, 0x0a, 4, ...Buffer.from('none')]);
    const error = await failureOf(client.callRaw('ModelInfer', bytes));
    assert.match(error.details, /Model "none" is not known/);
  });

  it('refuses what would take long to decode, on calls and on streams', async () => {
    const room = await startTestServer(repository.folder);
    const other = new TestGrpcClient(room.grpc);
    try {
      const heavy = { model_name: 'add', inputs: Array<object>(100_000).fill({}) };
      const error = await failureOf(other.call('ModelInfer', heavy));
      assert.equal(status[error.code], 'RESOURCE_EXHAUSTED');
      assert.match(
        error.details,
        /^The message holds some \d+ values besides raw tensors; the limit/,
      );
      const [first, second] = await other.stream([heavy, good]);
      assert.match(first?.error_message as string, /values besides raw tensors/);
      assert.equal(second?.error_message, '');
    } finally {
      other.close();
      await room.server.close();
    }
  });

  it('describes a model', async () => {
    const metadata = await client.call('ModelMetadata', { name: 'add' });
    assert.equal(metadata.platform, 'onnxruntime_onnx');
    assert.deepEqual(metadata.versions, ['1']);
    assert.deepEqual((metadata.inputs as unknown[])[0], {
      name: 'a',
      datatype: 'FP32',
      shape: ['-1', '2'],
    });
    const { config } = (await client.call('ModelConfig', { name: 'add' })) as {
      config: Record<string, unknown>;
    };
    assert.equal(config.max_batch_size, 2);
    assert.deepEqual(config.input, [
      { name: 'a', data_type: 'TYPE_FP32', dims: ['2'] },
      { name: 'b', data_type: 'TYPE_FP32', dims: ['2'] },
    ]);
  });

  it('lists the repository and counts rows and runs apart', async () => {
    const { models } = await client.call('RepositoryIndex', { ready: true });
    assert.deepEqual(models, [{ name: 'add', version: '1', state: 'READY', reason: '' }]);
    const stats = async (): Promise<number[]> => {
      const reply = await client.call('ModelStatistics', { name: 'add', version: '1' });
      const [one] = reply.model_stats as Record<string, string>[];
      return [Number(one?.inference_count), Number(one?.execution_count)];
    };
    const [rows = 0, runs = 0] = await stats();
    const two = { shape: [2, 2], contents: { fp32_contents: [1, 2, 3, 4] } };
    await client.call('ModelInfer', {
      ...good,
      inputs: good.inputs.map((input) => ({ ...input, ...two })),
    });
    assert.deepEqual(await stats(), [rows + 2, runs + 1]);
  });

  it('answers with the id it was sent and the outputs asked for', async () => {
    const reply = await client.call('ModelInfer', {
      ...good,
      id: 'r1',
      outputs: [{ name: 'sum' }],
    });
    assert.equal(reply.id, 'r1');
    assert.equal(reply.model_version, '1');
    const [sum, ...others] = reply.outputs as {
      name: string;
      contents: { fp32_contents: number[] };
    }[];
    assert.equal(sum?.name, 'sum');
    assert.deepEqual(sum.contents.fp32_contents, [2, 4]);
    assert.deepEqual(others, []);
  });

  const raw = Buffer.from(Float32Array.of(1, 2).buffer);
  const head = { name: 'a', datatype: 'FP32', shape: [1, 2] };
  const heads = [head, { ...head, name: 'b' }];
  const refusals: readonly (readonly [
    string,
    Readonly<Record<string, unknown>>,
    keyof typeof status,
    RegExp,
  ])[] = [
    ['an unknown model', { ...good, model_name: 'none' }, 'NOT_FOUND', /"none" is not known/],
    ['an unknown version', { ...good, model_version: '9' }, 'NOT_FOUND', /no version "9"/],
    ['a broken model', { ...good, model_name: 'broken' }, 'UNAVAILABLE', /not ready: version 1/],
    ['a missing input', { ...good, inputs: [a] }, 'INVALID_ARGUMENT', /"b" is missing/],
    [
      'a batch that is too large',
      { ...good, inputs: good.inputs.map((i) => ({ ...i, shape: [3, 2] })) },
      'INVALID_ARGUMENT',
      /batch of 3; the model's max_batch_size is 2/,
    ],
    [
      'raw and typed contents in one request',
      { ...good, raw_input_contents: [raw, raw] },
      'INVALID_ARGUMENT',
      /"a" has contents beside raw_input_contents/,
    ],
    [
      'fewer raw contents than inputs',
      { ...good, inputs: heads, raw_input_contents: [raw] },
      'INVALID_ARGUMENT',
      /2 inputs, 1 entries in raw_input_contents/,
    ],
    [
      'a truncated raw tensor',
      { ...good, inputs: heads, raw_input_contents: [raw, raw.subarray(1)] },
      'INVALID_ARGUMENT',
      /"b" carries 7 bytes; 2 elements of FP32 needs 8/,
    ],
    ['no contents at all', { ...good, inputs: heads }, 'INVALID_ARGUMENT', /"a" carries no data/],
    [
      'a negative size',
      { ...good, inputs: [{ ...a, shape: [-1, 2] }, good.inputs[1]] },
      'INVALID_ARGUMENT',
      /"a" has shape \[-1,2\], but -1 is not a size/,
    ],
    [
      'a sequence',
      { ...good, parameters: { sequence_id: { int64_param: 7 } } },
      'INVALID_ARGUMENT',
      /"sequence_id" is not supported/,
    ],
    [
      'a message beyond the limit',
      { ...good, id: 'x'.repeat(5000) },
      'RESOURCE_EXHAUSTED',
      /larger than max/,
    ],
  ];
  for (const [what, request, code, message] of refusals) {
    it(`refuses ${what}`, async () => {
      const error = await failureOf(client.call('ModelInfer', request));
      assert.equal(status[error.code], code, error.details);
      assert.match(error.details, message);
    });
  }

  it('passes over parameters that are hints, and a sequence id of 0', async () => {
    await client.call('ModelInfer', {
      ...good,
      parameters: { priority: { uint64_param: 1 }, sequence_id: { int64_param: 0 } },
    });
  });

  it('refuses to load without explicit control', async () => {
    const error = await failureOf(client.call('RepositoryModelLoad', { model_name: 'add' }));
    assert.equal(status[error.code], 'FAILED_PRECONDITION');
  });

  it('answers a stream in the order of its requests, refusals included', async () => {
    const requests = Array.from({ length: 200 }, (_, i) => ({
      ...good,
      id: String(i),
      model_name: i % 10 === 3 ? 'none' : 'add',
    }));
    const replies = (await client.stream(requests)) as {
      error_message: string;
      infer_response: { id: string };
    }[];
    assert.deepEqual(
      replies.map(({ infer_response }) => infer_response.id),
      requests.map(({ id }) => id),
    );
    for (const [i, { error_message }] of replies.entries()) {
      if (i % 10 === 3) assert.match(error_message, /"none" is not known/);
      else assert.equal(error_message, '');
    }
  });

  it('survives streams that are cancelled in the middle', async () => {
    for (let i = 0; i < 20; i++) await client.cancelStream(good);
  });
});
