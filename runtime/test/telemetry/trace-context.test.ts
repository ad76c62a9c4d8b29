import assert from 'node:assert/strict';
import { parseTraceparent } from '../../src/telemetry/trace-context';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

describe('parseTraceparent', () => {
  it('reads a header, and one of a later version with more parts', () => {
    const expected = { traceId, spanId, traceFlags: 1 };
    assert.deepEqual(parseTraceparent(`00-${traceId}-${spanId}-01`), expected);
    assert.deepEqual(parseTraceparent(`01-${traceId}-${spanId}-01-more`), expected);
  });

  for (const header of [
    undefined,
    '',
    'nonsense',
    `00-${traceId}-${spanId}`,
    `00-${traceId}-${spanId}-01-more`,
    `ff-${traceId}-${spanId}-01`,
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
  ]) {
    it(`passes over ${header ?? 'a missing header'}`, () => {
      assert.equal(parseTraceparent(header), undefined);
    });
  }
});
