import assert from 'node:assert/strict';
import { FetchError } from '../../src/fetch/fetch-error';
import { withRetries } from '../../src/fetch/retry';

describe('withRetries', () => {
  const policy = { attempts: 3, firstDelayMillis: 1, maxDelayMillis: 2 };
  const passing = new FetchError('later', true);

  async function run(task: () => Promise<void>, signal = new AbortController().signal) {
    const attempts: number[] = [];
    const outcome = await withRetries(task, policy, signal, (n) => attempts.push(n)).then(
      () => 'done',
      (error: unknown) => error,
    );
    return { attempts, outcome };
  }

  it('repeats passing faults until the tries are used up', async () => {
    assert.deepEqual(await run(() => Promise.reject(passing)), {
      attempts: [1, 2],
      outcome: passing,
    });
  });

  it('does not repeat a fault that stays', async () => {
    const staying = new FetchError('never', false);
    assert.deepEqual(await run(() => Promise.reject(staying)), { attempts: [], outcome: staying });
  });

  it('does not repeat an error of its own program', async () => {
    const bug = new TypeError('bug');
    assert.deepEqual(await run(() => Promise.reject(bug)), { attempts: [], outcome: bug });
  });

  it('stops waiting when it is told to stop', async () => {
    const controller = new AbortController();
    const reason = new Error('stop');
    const { outcome } = await run(() => {
      controller.abort(reason);
      return Promise.reject(passing);
    }, controller.signal);
    assert.equal(outcome, reason);
  });
});
