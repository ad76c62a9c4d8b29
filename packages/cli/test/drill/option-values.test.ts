import assert from 'node:assert/strict';
import { durationSeconds, requestCount } from '../../src/drill/option-values';

describe('values of options', () => {
  it('are durations with a unit, a day at most', () => {
    assert.deepEqual(['90s', '15m', '24h'].map(durationSeconds), [90, 900, 86_400]);
    for (const text of ['15', '0s', '25h', '1d', '-1m', '1.5h', '']) {
      assert.throws(
        () => durationSeconds(text),
        /Expected a duration such as 90s, 15m or 1h/,
        text,
      );
    }
  });

  it('are counts of requests from 1 to 1000', () => {
    assert.deepEqual(['1', '1000'].map(requestCount), [1, 1000]);
    for (const text of ['0', '1001', '2.5', 'many']) {
      assert.throws(() => requestCount(text), /Expected a number, 1 to 1000/, text);
    }
  });
});
