import type { Check } from './check';
import type { EndpointOutage, Exercise } from './exercise-found';
import type { ExerciseOptions } from './exercise-options';
import type { Restoration } from './restore-site';

/** What an exercise found, against what the stack promises. */
export function exerciseChecks(
  { lost, outages, fault, restoration }: Omit<Exercise, 'checks'>,
  options: ExerciseOptions,
): readonly Check[] {
  const restored = restoredCheck(lost, restoration, options.restore);
  if (fault !== undefined) {
    return [{ verdict: 'failed', what: 'exercise', site: lost, found: fault }, restored];
  }
  return [...outages.map((outage) => outageCheck(outage, options)), restored];
}

function restoredCheck(
  site: string,
  { code, missing, seconds }: Restoration,
  command: string,
): Check {
  const ended = code === 0 ? '' : `, and --restore ended with code ${code}`;
  return missing === undefined
    ? {
        verdict: 'ok',
        what: 'restored',
        site,
        found: `ready after ${seconds.toFixed(1)} s${ended}`,
      }
    : {
        verdict: 'failed',
        what: 'restored',
        site,
        found: `NOT ready (${missing})${ended}; bring it back by hand: ${command}`,
      };
}

function outageCheck(outage: EndpointOutage, options: ExerciseOptions): Check {
  const { stack, waitSeconds } = options;
  const { recoveredSeconds, failed, asked, firstFailureSeconds = 0 } = outage;
  const growthSeconds = growthOf(outage, options);
  const promised = stack.recovery.time.toSeconds();
  const check = (verdict: Check['verdict'], found: string): Check => ({
    verdict,
    endpoint: outage.endpoint,
    what: 'exercise',
    found: `${found}; promised ${promised} s${later(outage)}`,
  });
  const counted = `${failed} of ${asked} requests failed`;
  if (recoveredSeconds === undefined) {
    const why = outage.lastFailure === undefined ? '' : ` (${outage.lastFailure})`;
    return check('failed', `not answered for good within ${waitSeconds} s${why}, ${counted}`);
  }
  if (failed === 0) return check('ok', `measured: no request failed, of ${asked}`);
  const carriedSeconds = recoveredSeconds + growthSeconds;
  const parts = [
    `measured: answered again after ${recoveredSeconds.toFixed(1)} s${beyondFailover(recoveredSeconds, stack)}`,
    `first failure after ${firstFailureSeconds.toFixed(1)} s`,
    counted,
    ...(growthSeconds === 0
      ? []
      : [
          `all traffic after ${carriedSeconds.toFixed(1)} s, of which ${growthSeconds} s are computed`,
        ]),
  ];
  return check(carriedSeconds <= promised ? 'ok' : 'failed', parts.join(', '));
}

/** Seconds from the first answers until all traffic is carried: the promise is of that, and it is not measured. */
function growthOf({ endpoint: name }: EndpointOutage, options: ExerciseOptions): number {
  const drilled = options.inspections.find(({ drilled: { endpoint } }) => endpoint.name === name);
  const computed = drilled && options.stack.recoveryOf(drilled.drilled.endpoint);
  return computed === undefined ? 0 : computed.fullCapacitySeconds - computed.firstAnswerSeconds;
}

/** What is computed elsewhere with `failover` is then too good. */
function beyondFailover(seconds: number, { failover }: ExerciseOptions['stack']): string {
  const declared = failover.toSeconds();
  return seconds <= declared ? '' : `, which is more than the stack's failover of ${declared} s`;
}

function later({ failedLater }: EndpointOutage): string {
  return failedLater === 0 ? '' : `; ${failedLater} more failed while the site came back`;
}
