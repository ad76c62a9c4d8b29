import assert from 'node:assert/strict';
import type { EndpointOutage } from '../../src/drill/exercise-found';
import { exerciseChecks } from '../../src/drill/exercise-checks';
import { parseAddress } from '../../src/drill/address';
import type { ExerciseOptions } from '../../src/drill/exercise-options';
import { drilledStack } from '../support/drilled';

/** `fraud` is active on both sites; of `warm`, the standby grows for 45 s and the 35 s of a start. */
const { stack, endpoints } = drilledStack({
  recoverySeconds: 100,
  more: "endpoint('warm', [dubai], north);",
});

const options: ExerciseOptions = {
  stack,
  inspections: endpoints.map((drilled) => ({ drilled, sites: [], checks: [] })),
  name: parseAddress('--name', 'http://127.0.0.1:1'),
  lose: 'true',
  restore: 'true',
  waitSeconds: 200,
  stopped: new AbortController().signal,
  hurried: new AbortController().signal,
  onProgress: () => undefined,
  onOutput: () => undefined,
};

function lineOf(outage: Partial<EndpointOutage> & Pick<EndpointOutage, 'endpoint'>): string {
  const measured = { asked: 90, failed: 5, failedLater: 0, firstFailureSeconds: 0.5, ...outage };
  const restoration = { seconds: 1, code: 0 };
  const [check] = exerciseChecks({ lost: 'dubai', outages: [measured], restoration }, options);
  return `${check?.verdict ?? ''}: ${check?.found ?? ''}`;
}

describe('exerciseChecks', () => {
  it('holds first answers to the promise where every replica is there already', () => {
    assert.equal(
      lineOf({ endpoint: 'fraud', recoveredSeconds: 1.5 }),
      'ok: measured: answered again after 1.5 s, first failure after 0.5 s, 5 of 90 requests failed; promised 100 s',
    );
  });

  it('adds the computed growth, for the promise is of all traffic', () => {
    assert.equal(
      lineOf({ endpoint: 'warm', recoveredSeconds: 2 }),
      'ok: measured: answered again after 2.0 s, first failure after 0.5 s, 5 of 90 requests failed, all traffic after 82.0 s, of which 80 s are computed; promised 100 s',
    );
    assert.match(
      lineOf({ endpoint: 'warm', recoveredSeconds: 20 }),
      /^ok: .* all traffic after 100/,
    );
    assert.match(
      lineOf({ endpoint: 'warm', recoveredSeconds: 20.1 }),
      /^failed: .* all traffic after 100\.1 s, of which 80 s are computed; promised 100 s$/,
    );
  });

  it('says that the failover took longer than the stack declares', () => {
    assert.match(
      lineOf({ endpoint: 'fraud', recoveredSeconds: 2.1 }),
      /^ok: measured: answered again after 2\.1 s, which is more than the stack's failover of 2 s, first failure/,
    );
  });
});
