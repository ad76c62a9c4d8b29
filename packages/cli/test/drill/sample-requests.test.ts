import assert from 'node:assert/strict';
import { datatypes } from '@manara/contract';
import { sampleRequests } from '../../src/drill/sample-requests';

interface Body {
  readonly inputs: readonly {
    readonly shape: readonly number[];
    readonly data: readonly unknown[];
  }[];
}

describe('sampleRequests', () => {
  const input = { name: 'x', datatype: 'FP32', shape: [-1, 8] } as const;

  it('makes up the same requests every time, and each another', () => {
    const requests = sampleRequests('fraud', [input], 3) ?? [];
    assert.deepEqual(requests, sampleRequests('fraud', [input], 3));
    assert.equal(new Set(requests).size, 3);
    assert.notDeepEqual(requests, sampleRequests('other', [input], 3));
    // Written down: a drill of next year must ask what this year's asked.
    assert.deepEqual((JSON.parse(requests[0] ?? '') as Body).inputs, [
      {
        ...input,
        shape: [1, 8],
        data: [
          0.8125, 0.845703125, 0.5966796875, 0.529296875, 0.806640625, 0.3828125, 0.1943359375,
          0.1552734375,
        ],
      },
    ]);
  });

  it('makes up elements of every datatype, as many as the shape takes', () => {
    for (const datatype of datatypes) {
      const [request = ''] =
        sampleRequests('m', [{ name: 'x', datatype, shape: [2, -1, 3] }], 1) ?? [];
      const [tensor] = (JSON.parse(request) as Body).inputs;
      assert.deepEqual(tensor?.shape, [2, 1, 3]);
      assert.equal(tensor.data.length, 6);
      const type = { BOOL: 'boolean', BYTES: 'string' }[datatype as string] ?? 'number';
      assert.ok(
        tensor.data.every((element) => typeof element === type),
        datatype,
      );
      if (datatype.startsWith('FP')) {
        assert.ok(
          tensor.data.every((x) => Number.isInteger((x as number) * 1024)),
          request,
        );
      } else if (type === 'number') {
        assert.ok(
          tensor.data.every((x) => Number.isInteger(x) && (x as number) < 10),
          request,
        );
      }
    }
  });

  it('makes up a scalar', () => {
    const [request = ''] =
      sampleRequests('m', [{ name: 'x', datatype: 'INT32', shape: [] }], 1) ?? [];
    assert.equal((JSON.parse(request) as Body).inputs[0]?.data.length, 1);
  });

  it('makes up nothing that is too large', () => {
    assert.equal(sampleRequests('m', [{ ...input, shape: [1_000_001] }], 1), undefined);
  });
});
