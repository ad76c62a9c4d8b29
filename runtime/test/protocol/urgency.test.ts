import assert from 'node:assert/strict';
import { noUrgency, urgencyOf } from '../../src/protocol/urgency';

describe('urgencyOf', () => {
  it('says nothing where nothing is said', () => {
    assert.deepEqual(urgencyOf(undefined, undefined), noUrgency);
    assert.deepEqual(urgencyOf(0, 0), noUrgency);
  });

  it("reads Triton's parameters, of REST and of gRPC", () => {
    assert.deepEqual(urgencyOf(2500, 1), { timeoutMicros: 2500, priority: 0 });
    assert.deepEqual(urgencyOf('2500', '2'), { timeoutMicros: 2500, priority: 1 });
    assert.deepEqual(urgencyOf(undefined, 7), { timeoutMicros: undefined, priority: 2 });
  });

  it('refuses what is no count', () => {
    for (const value of [-1, 1.5, '1e3', true, {}]) {
      assert.throws(() => urgencyOf(value, undefined), { code: 'FIELD_INVALID' });
    }
    assert.throws(() => urgencyOf(1, 'high'), {
      message: 'Field "parameters.priority": expected an integer from 0, received "high"',
    });
  });
});
