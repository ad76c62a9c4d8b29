import assert from 'node:assert/strict';
import { type Datatype, datatypes } from '@manara/contract';
import { allocate } from '../src/protocol/datatypes';
import { contentsFieldOf } from '../src/protocol/decode-typed';
import { encodeBinary, encodeJson, toTyped } from '../src/protocol/encode';
import type { TensorData } from '../src/protocol/tensor';
import { failureOf, TestGrpcClient } from './support/grpc-client';
import { postBinary, postJson } from './support/http-client';
import { identity } from './support/models';
import { startTestServer, type TestServer } from './support/server';
import { TemporaryRepository } from './support/temporary';

/** Two elements of each datatype, at the edges of what JSON can carry. */
const samples: Readonly<Record<Datatype, TensorData>> = {
  BOOL: Uint8Array.of(1, 0),
  UINT8: Uint8Array.of(0, 255),
  UINT16: Uint16Array.of(0, 65535),
  UINT32: Uint32Array.of(0, 4294967295),
  UINT64: BigUint64Array.of(0n, 2n ** 53n - 1n),
  INT8: Int8Array.of(-128, 127),
  INT16: Int16Array.of(-32768, 32767),
  INT32: Int32Array.of(-2147483648, 2147483647),
  INT64: BigInt64Array.of(-(2n ** 53n) + 1n, 2n ** 53n - 1n),
  FP16: Uint16Array.of(0x3555, 0x8000),
  FP32: Float32Array.of(0.1, -0),
  FP64: Float64Array.of(0.1, -1e300),
  BYTES: ['héllo "wörld"', ''],
};

interface Output {
  readonly datatype: string;
  readonly shape: unknown;
  readonly parameters?: unknown;
  readonly data?: unknown;
  readonly contents?: Readonly<Record<string, unknown>> | null;
}

describe('every datatype comes back as it went in', function () {
  this.timeout(60_000);
  const repository = new TemporaryRepository();
  let test: TestServer;
  let grpc: TestGrpcClient;

  before(async () => {
    for (const datatype of datatypes) repository.add(datatype, 1, identity(datatype));
    test = await startTestServer(repository.folder, { workers: 1 });
    grpc = new TestGrpcClient(test.grpc);
  });
  after(async () => {
    grpc.close();
    await test.server.close();
    repository.remove();
  });

  for (const datatype of datatypes) {
    const tensor = { name: 'x', datatype, shape: [2], data: samples[datatype] };
    const head = { name: 'x', datatype, shape: [2] };

    it(`${datatype} as JSON`, async () => {
      const text = encodeJson(tensor);
      const request = `{"inputs":[{"name":"x","datatype":"${datatype}","shape":[2],"data":${text}}]}`;
      const { status, body } = await postJson(`${test.url}/v2/models/${datatype}/infer`, request);
      assert.equal(status, 200, JSON.stringify(body));
      const [output] = body.outputs as Output[];
      assert.deepEqual(output, { ...head, name: 'y', data: JSON.parse(text) as unknown });
    });

    it(`${datatype} as binary data`, async () => {
      const bytes = encodeBinary(tensor);
      const parameters = { binary_data_size: bytes.byteLength };
      const { json, binary } = await postBinary(
        `${test.url}/v2/models/${datatype}/infer`,
        { parameters: { binary_data_output: true }, inputs: [{ ...head, parameters }] },
        [bytes],
      );
      assert.deepEqual(json.outputs, [{ ...head, name: 'y', parameters }]);
      assert.deepEqual(binary, bytes);
    });

    it(`${datatype} as raw contents`, async () => {
      const bytes = encodeBinary(tensor);
      const reply = await grpc.call('ModelInfer', {
        model_name: datatype,
        inputs: [head],
        raw_input_contents: [bytes],
      });
      assert.deepEqual(reply.raw_output_contents, [bytes]);
    });

    const field = contentsFieldOf(datatype);
    if (field === undefined) continue;
    it(`${datatype} as typed contents`, async () => {
      const contents = { [field]: toTyped(datatype, tensor.data) };
      const reply = await grpc.call('ModelInfer', {
        model_name: datatype,
        inputs: [{ ...head, contents }],
      });
      const [output] = reply.outputs as Output[];
      const received = output?.contents?.[field] as readonly unknown[];
      assert.deepEqual(received, contents[field]);
    });
  }

  it('keeps wide integers exact in binary data and on the way out in JSON', async () => {
    const data = BigInt64Array.of(2n ** 63n - 1n);
    const bytes = Buffer.from(data.buffer);
    const parameters = { binary_data_size: 8 };
    const input = { name: 'x', datatype: 'INT64', shape: [1], parameters };
    const { binary } = await postBinary(
      `${test.url}/v2/models/INT64/infer`,
      { inputs: [input], outputs: [{ name: 'y', parameters: { binary_data: true } }] },
      [bytes],
    );
    assert.deepEqual(binary, bytes);
    const head = JSON.stringify({ inputs: [input] });
    const response = await fetch(`${test.url}/v2/models/INT64/infer`, {
      method: 'POST',
      headers: { 'inference-header-content-length': String(head.length) },
      body: Buffer.concat([Buffer.from(head), bytes]),
    });
    assert.match(await response.text(), /"data":\[9223372036854775807\]/);
  });

  it('refuses NaN in a JSON answer and gives it in a binary one', async () => {
    const parameters = { binary_data_size: 8 };
    const inputs = [{ name: 'x', datatype: 'FP32', shape: [2], parameters }];
    const bytes = Buffer.from(Float32Array.of(NaN, Infinity).buffer);
    const url = `${test.url}/v2/models/FP32/infer`;
    const refused = await postBinary(url, { inputs }, [bytes]);
    assert.equal(refused.status, 406);
    assert.equal(refused.json.code, 'OUTPUT_NOT_JSON');
    const given = await postBinary(url, { inputs, parameters: { binary_data_output: true } }, [
      bytes,
    ]);
    assert.deepEqual(given.binary, bytes);
  });

  it('answers typed contents of a model with an FP16 output with a clear refusal of the input', async () => {
    const error = await failureOf(
      grpc.call('ModelInfer', {
        model_name: 'FP16',
        inputs: [{ name: 'x', datatype: 'FP16', shape: [1], contents: { fp32_contents: [1] } }],
      }),
    );
    assert.match(error.details, /FP16, which has no typed contents; send raw_input_contents/);
  });

  it('has a sample of every datatype in the right storage', () => {
    for (const datatype of datatypes) {
      assert.equal(samples[datatype].constructor, allocate(datatype, 0).constructor);
    }
  });
});
