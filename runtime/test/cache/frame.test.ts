import assert from 'node:assert/strict';
import fc from 'fast-check';
import { encodeFrame, frameHead, frameOutputs } from '../../src/cache/frame';
import type { Tensor } from '../../src/protocol/tensor';
import { floats } from '../support/runs';

const outputs: readonly Tensor[] = [
  floats('y', 0.1, -0, Infinity, NaN),
  { name: 'id', datatype: 'INT64', shape: [1, 2], data: BigInt64Array.of(-1n, 2n ** 62n) },
  { name: 'label', datatype: 'BYTES', shape: [2], data: ['', 'نعم'] },
  { name: 'sure', datatype: 'BOOL', shape: [3], data: Uint8Array.of(0, 1, 1) },
  { name: 'scalar', datatype: 'FP64', shape: [], data: Float64Array.of(Math.PI) },
];

describe('frames', () => {
  it('give every output back to the bit', () => {
    assert.deepEqual(frameOutputs(encodeFrame(outputs, 'fraud 1', 1234)), outputs);
  });

  it('give back any floats', () => {
    fc.assert(
      fc.property(fc.float32Array(), (data) => {
        const tensor: Tensor = { name: 'y', datatype: 'FP32', shape: [data.length], data };
        const [back] = frameOutputs(encodeFrame([tensor], '', 0));
        assert.deepEqual(back, tensor);
      }),
    );
  });

  it('give memory of their own: what becomes of one answer does not reach the next', () => {
    const frame = encodeFrame(outputs, 'fraud 1', 1234);
    const [first] = frameOutputs(frame);
    (first!.data as Float32Array)[0] = 9;
    structuredClone(null, { transfer: [(first!.data as Float32Array).buffer as ArrayBuffer] });
    assert.deepEqual(frameOutputs(frame), outputs);
  });

  it('carry their time, and a tag of what they hold and whose it is, not of when', () => {
    const head = (origin: string, at: number, tensors = outputs) =>
      frameHead(encodeFrame(tensors, origin, at))!;
    assert.equal(head('fraud 1', 1234).storedAt, 1234);
    assert.match(head('fraud 1', 1).etag, /^W\/"[\w-]{22}"$/);
    assert.equal(head('fraud 1', 1).etag, head('fraud 1', 2).etag);
    assert.notEqual(head('fraud 1', 1).etag, head('fraud 2', 1).etag);
    assert.notEqual(head('fraud 1', 1).etag, head('fraud 1', 1, outputs.slice(1)).etag);
  });

  it('of another form are not read', () => {
    const frame = encodeFrame(outputs, '', 0);
    frame[0] = 2;
    assert.equal(frameHead(frame), undefined);
  });
});
