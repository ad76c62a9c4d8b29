import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { ServingError } from '../../src';
import { readInferRequest } from '../../src/http/infer-request';
import type { RequestSignature } from '../../src/protocol/validate';

const signature: RequestSignature = {
  model: 'm',
  inputs: [
    { name: 'x', datatype: 'FP32', shape: [-1, 2], symbols: [undefined, undefined] },
    { name: 's', datatype: 'BYTES', shape: [-1], symbols: [undefined] },
  ],
  outputs: [],
  maxBatchSize: 0,
};

/** Values near enough to a request that they get past the first checks. */
const almostRequest = fc.record(
  {
    id: fc.oneof(fc.string(), fc.jsonValue()),
    parameters: fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue()),
    outputs: fc.oneof(fc.array(fc.record({ name: fc.string() })), fc.jsonValue()),
    inputs: fc.array(
      fc.record(
        {
          name: fc.constantFrom('x', 's', 'y'),
          datatype: fc.constantFrom('FP32', 'BYTES', 'INT8'),
          shape: fc.array(fc.oneof(fc.nat(4), fc.integer(), fc.double()), { maxLength: 3 }),
          parameters: fc.record(
            { binary_data_size: fc.oneof(fc.nat(40), fc.jsonValue()) },
            { requiredKeys: [] },
          ),
          data: fc.oneof(fc.array(fc.double()), fc.array(fc.string()), fc.jsonValue()),
        },
        { requiredKeys: ['name', 'datatype', 'shape'] },
      ),
    ),
  },
  { requiredKeys: ['inputs'] },
);

/** Reads a body to the end of validation. Whatever it is, nothing but a ServingError may come out. */
function survive(body: Buffer, jsonLength = body.byteLength): void {
  try {
    for (const { data, shape } of readInferRequest(signature, body, jsonLength).inputs) {
      assert.equal(
        data.length,
        shape.reduce((a, b) => a * b, 1),
      );
    }
  } catch (error) {
    if (!(error instanceof ServingError)) throw error;
    assert.equal(error.httpStatus, 400, error.message);
  }
}

describe('readInferRequest', () => {
  it('refuses any bytes that are no request, and never fails otherwise', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        survive(Buffer.from(bytes));
      }),
    );
    fc.assert(
      fc.property(fc.json(), (text) => {
        survive(Buffer.from(text));
      }),
    );
  });

  it('refuses what is almost a request, with and without binary data', () => {
    fc.assert(
      fc.property(almostRequest, fc.uint8Array({ maxLength: 64 }), (value, binary) => {
        const json = Buffer.from(JSON.stringify(value));
        survive(Buffer.concat([json, binary]), json.byteLength);
      }),
      { numRuns: 2000 },
    );
  });

  it('survives deep nesting', () => {
    const depth = 100_000;
    const data = '['.repeat(depth) + ']'.repeat(depth);
    survive(
      Buffer.from(`{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":${data}}]}`),
    );
  });

  it('says where JSON goes wrong', () => {
    const body = Buffer.from('{"inputs": 5x}');
    assert.throws(() => readInferRequest(signature, body, body.byteLength), {
      code: 'BODY_NOT_JSON',
      message: /Expected ',' or '}' after property value in JSON at position 12/,
    });
  });
});
