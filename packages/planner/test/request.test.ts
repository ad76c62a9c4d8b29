import assert from 'node:assert/strict';
import type { Datatype, ModelSignature } from '@manara/contract';
import fc from 'fast-check';
import { largestRequest, requestMemoryPerByte } from '../src';

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;

function signature(
  datatype: Datatype,
  input: readonly number[],
  output: readonly number[],
): ModelSignature {
  return {
    inputs: [{ name: 'in', datatype, shape: input }],
    outputs: [{ name: 'out', datatype: 'FP32', shape: output }],
  };
}

const fraud: ModelSignature = {
  inputs: [{ name: 'features', datatype: 'FP32', shape: [-1, 20] }],
  outputs: [
    { name: 'label', datatype: 'INT64', shape: [-1] },
    { name: 'probabilities', datatype: 'FP32', shape: [-1, 2] },
  ],
};
const documentReader = signature('FP32', [-1, 3, 48, -1], [-1, -1, 6625]);
const imageClassifier = signature('FP32', [-1, 3, 224, 224], [-1, 1000]);

describe('requestMemoryPerByte', () => {
  it('counts half an element per byte of JSON numbers, their activations and replies', () => {
    // 16 + ½ (4 × 35 + 3/20 × 80)
    assert.equal(requestMemoryPerByte(fraud), 92);
  });

  it('counts every byte of an integer as an element: gRPC packs them', () => {
    // 16 + 4 × 35 + 2/3 × 80
    assert.equal(
      requestMemoryPerByte(signature('INT32', [-1, 3], [-1, 2])).toFixed(3),
      (16 + 140 + 160 / 3).toFixed(3),
    );
  });

  it('is above what was measured with the example models, on 2026-11-22', () => {
    const measured = { fraud: 390 / 15.3, documentReader: 560 / 1.93 };
    assert(requestMemoryPerByte(fraud) > measured.fraud);
    assert(requestMemoryPerByte(documentReader) > measured.documentReader);
    assert(requestMemoryPerByte(undefined) > measured.documentReader);
  });
});

describe('largestRequest', () => {
  it('is 256 rows as JSON where half a gibibyte holds them', () => {
    // 256 × 20 numbers of 25 characters and 4 KiB around them: 129 KiB, in steps of 64.
    assert.deepEqual(largestRequest([fraud]), {
      maxBytes: 192 * kibibyte,
      memoryBytes: 192 * kibibyte * 92,
      memoryIsEstimated: true,
    });
  });

  it('is what half a gibibyte holds otherwise', () => {
    const { maxBytes, memoryBytes } = largestRequest([imageClassifier]);
    // 86.3 bytes a byte: ten images of 588 KiB as binary tensor data.
    assert.equal(maxBytes, 5.875 * mebibyte);
    assert(memoryBytes <= 512 * mebibyte);
  });

  it('lets one row of a large image in, whatever it takes', () => {
    const radiograph = signature('FP32', [1, 3, 2048, 2048], [1, 14]);
    assert.equal(largestRequest([radiograph]).maxBytes, 48 * mebibyte + 64 * kibibyte);
  });

  it('is the largest of all versions, at the dearest version’s memory', () => {
    const both = largestRequest([fraud, documentReader]);
    assert.equal(both.maxBytes, 256 * kibibyte);
    assert.equal(
      both.memoryBytes,
      Math.ceil(256 * kibibyte * requestMemoryPerByte(documentReader)),
    );
  });

  it('is one mebibyte where no signature is known', () => {
    assert.deepEqual(largestRequest([undefined]), {
      maxBytes: mebibyte,
      memoryBytes: 350 * mebibyte,
      memoryIsEstimated: true,
    });
  });

  it('takes a limit and a measurement', () => {
    assert.equal(largestRequest([fraud], { maxBytes: 1000 }).memoryBytes, 92_000);
    assert.deepEqual(largestRequest([fraud], { maxBytes: 1000, memoryBytes: 5000 }), {
      maxBytes: 1000,
      memoryBytes: 5000,
      memoryIsEstimated: false,
    });
  });

  it('is a whole number of bytes that costs more than itself, for every signature', () => {
    const shape = fc.array(fc.oneof(fc.constant(-1), fc.integer({ min: 1, max: 512 })), {
      maxLength: 3,
    });
    const datatype = fc.constantFrom<Datatype>('FP32', 'FP64', 'INT64', 'UINT8', 'BOOL', 'BYTES');
    fc.assert(
      fc.property(datatype, shape, shape, (type, input, output) => {
        const { maxBytes, memoryBytes } = largestRequest([signature(type, input, output)]);
        assert.equal(maxBytes % (64 * kibibyte), 0);
        assert(maxBytes > 0 && Number.isSafeInteger(memoryBytes) && memoryBytes > maxBytes);
      }),
    );
  });

  it('admits a model without inputs', () => {
    assert.equal(largestRequest([{ inputs: [], outputs: [] }]).maxBytes, 64 * kibibyte);
  });
});
