import assert from 'node:assert/strict';
import { drainTimes, secondsToStop, serverConfigSchema } from '../src';

describe('secondsToStop', () => {
  it('is the drain and every last step after it', () => {
    assert.equal(secondsToStop(), 5 + 30 + 0.25 + 5 + 5 + 5);
    assert.equal(secondsToStop(0, 10), 25.25);
  });

  it('holds the configuration’s own default', () => {
    const fallback: unknown = serverConfigSchema.properties.drainTimeoutSeconds.default;
    assert.equal(fallback, drainTimes.timeoutSeconds);
  });
});
