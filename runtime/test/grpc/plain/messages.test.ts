import assert from 'node:assert/strict';
import fc from 'fast-check';
import { loadDefinitions } from '../../../src/grpc/definitions';
import type { ModelInferRequest, ModelInferResponse } from '../../../src/grpc/messages';
import { readPlainMessage } from '../../../src/grpc/plain/read-message';
import { writePlainAnswer } from '../../../src/grpc/plain/write-answer';

const method = loadDefinitions().inference.ModelInfer!;
const decode = (bytes: Buffer): ModelInferRequest =>
  (method.requestDeserialize(bytes) as () => ModelInferRequest)();

const name = fc.string({ unit: 'grapheme', maxLength: 20 });
const shape = fc.array(fc.nat({ max: 2 ** 28 - 1 }), { maxLength: 4 });
const bytes = fc.uint8Array({ maxLength: 300 }).map((value) => Buffer.from(value));
const request = fc.record({
  model_name: name,
  model_version: name,
  id: name,
  inputs: fc.array(fc.record({ name, datatype: name, shape }), { maxLength: 3 }),
  outputs: fc.array(fc.record({ name }), { maxLength: 3 }),
  raw_input_contents: fc.array(bytes, { maxLength: 3 }),
});

describe('plain messages of gRPC', () => {
  it('are read as protobufjs reads them', () => {
    fc.assert(
      fc.property(request, (value) => {
        const written = method.requestSerialize(value);
        assert.deepEqual(numbered(readPlainMessage(written)), numbered(decode(written)));
      }),
    );
  });

  it('are left to protobufjs where they are cut, or changed into what is no message', () => {
    fc.assert(
      fc.property(request, fc.nat(), fc.nat({ max: 255 }), (value, place, byte) => {
        const written = method.requestSerialize(value);
        const at = place % (written.length + 1);
        for (const bad of [written.subarray(0, at), changed(written, at, byte)]) {
          const read = readPlainMessage(bad);
          if (read !== undefined) assert.deepEqual(numbered(read), numbered(decode(bad)));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('are left to protobufjs where they have parameters or typed contents', () => {
    const contents = { fp32_contents: [1] };
    const parameters = { timeout: { int64_param: 1 } };
    const input = { name: 'a', datatype: 'FP32', shape: [1] };
    for (const value of [
      { parameters },
      { inputs: [{ ...input, parameters }] },
      { inputs: [{ ...input, contents }] },
      { outputs: [{ name: 'a', parameters }] },
      { inputs: [{ ...input, shape: [2 ** 28] }] },
      { inputs: [{ ...input, shape: [-1] }] },
    ]) {
      assert.equal(readPlainMessage(method.requestSerialize(value)), undefined);
    }
  });

  it('are written as protobufjs writes them, framed', () => {
    const size = fc.nat({ max: Number.MAX_SAFE_INTEGER });
    const answer = fc.record({
      model_name: name,
      model_version: name,
      id: name,
      outputs: fc.array(
        fc.record({ name, datatype: name, shape: fc.array(size, { maxLength: 4 }) }),
        { maxLength: 3 },
      ),
      raw_output_contents: fc.array(bytes, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(answer, (value: ModelInferResponse) => {
        const written = writePlainAnswer(value)!;
        // protobufjs writes texts that are empty, and need not be there.
        const expected: unknown = method.responseDeserialize(method.responseSerialize(value));
        assert.deepEqual(method.responseDeserialize(written.subarray(5)), expected);
        assert.equal(written[0], 0);
        assert.equal(written.readUInt32BE(1), written.length - 5);
      }),
    );
  });

  it('are written by protobufjs where they have parameters or typed contents', () => {
    const answer = { model_name: 'm', model_version: '1', id: '', raw_output_contents: [] };
    assert.equal(writePlainAnswer({ ...answer, outputs: [], parameters: {} }), undefined);
    const output = { name: 'y', datatype: 'FP32', shape: [1], contents: { fp32_contents: [1] } };
    assert.equal(writePlainAnswer({ ...answer, outputs: [output] }), undefined);
  });
});

/** proto-loader gives sizes as texts. */
function numbered(value: ModelInferRequest | undefined): unknown {
  if (value === undefined) return undefined;
  const inputs = value.inputs.map((input) => ({ ...input, shape: input.shape.map(Number) }));
  return { ...value, inputs };
}

function changed(bytes: Buffer, at: number, byte: number): Buffer {
  const copy = Buffer.from(bytes);
  if (at < copy.length) copy[at] = byte;
  return copy;
}
