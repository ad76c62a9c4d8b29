import assert from 'node:assert/strict';
import { measureOutage, type Probe } from '../../src/drill/outage';

/** A request every 250 ms, answered in 10: `.` answered, `x` failed, `?` pending. */
function probes(pattern: string, from = 0): readonly Probe[] {
  return Array.from(pattern, (mark, i) => {
    const startedAt = from + i * 250;
    if (mark === '?') return { startedAt };
    const at = startedAt + 10;
    return { startedAt, settled: mark === 'x' ? { at, failure: `refused ${i}` } : { at } };
  });
}

describe('measureOutage', () => {
  it('measures from the loss to the first answer after the last failure, and forgets what was before', () => {
    assert.deepEqual(measureOutage(probes('xx.xx.....', -750), 0, 0), {
      asked: 7,
      failed: 2,
      firstFailureSeconds: 0,
      lastFailure: 'refused 4',
      recoveredSeconds: 0.51,
    });
  });

  it('waits for five answers of requests sent once the site was gone', () => {
    assert.equal(measureOutage(probes('x....'), 0, 0).recoveredSeconds, undefined);
    assert.equal(measureOutage(probes('x.....'), 0, 0).recoveredSeconds, 0.26);
    assert.equal(measureOutage(probes('x.....'), 0, undefined).recoveredSeconds, undefined);
    assert.equal(measureOutage(probes('x.....'), 0, 500).recoveredSeconds, undefined);
    // The site was seen to be gone late; callers were answered before that.
    assert.equal(measureOutage(probes('x......'), 0, 500).recoveredSeconds, 0.26);
  });

  it('does not take a flap for recovery', () => {
    assert.equal(measureOutage(probes('x....x'), 0, 0).recoveredSeconds, undefined);
    assert.equal(measureOutage(probes('x....x.....'), 0, 0).recoveredSeconds, 1.51);
  });

  it('counts requests in the order in which they were sent', () => {
    const hanging = measureOutage(probes('x?.......'), 0, 0);
    assert.deepEqual([hanging.asked, hanging.recoveredSeconds], [1, undefined]);
  });

  it('asks for more where no request failed', () => {
    assert.deepEqual(measureOutage(probes('.'.repeat(19)), 0, 0), { asked: 19, failed: 0 });
    assert.deepEqual(measureOutage(probes('.'.repeat(20)), 0, 0), {
      asked: 20,
      failed: 0,
      recoveredSeconds: 0,
    });
  });
});
