import { version } from '../version';
import type { Check } from './check';
import { tolerance } from './compare-outputs';
import type { Exercise } from './exercise-found';
import type { EndpointInspection } from './inspect';
import type { DrilledStack } from './plan';

/** What no drill shows, whatever it found. */
export const drillNotes: readonly string[] = [
  'Computed times leave out nodes that have to be made and images that have yet to be pulled; measured ' +
    'ones are of a few requests a second: not of quotas, of names that callers remember, or of all of the traffic.',
  `Floats are the same within ${tolerance.relative} of their size and ${tolerance.absolute}, as processors round differently; ` +
    'integers, booleans and text must be equal.',
];

/** A drill of one stack, as `--json` writes it. */
export interface DrillReport {
  /** Construct path. */
  readonly stack: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Version of the command. */
  readonly manara: string;
  /** Nothing failed. What is open may still be wrong. */
  readonly holds: boolean;
  readonly sites: readonly { readonly id: string; readonly place: string }[];
  readonly promised: {
    readonly timeSeconds: number;
    readonly pointSeconds: number;
    readonly failoverSeconds: number;
  };
  readonly endpoints: readonly DrilledEndpointReport[];
  readonly tolerance: typeof tolerance;
  readonly checks: readonly Check[];
  /** What was measured; none where no site was taken away. */
  readonly exercise?: Omit<Exercise, 'checks'>;
  /** What the drill does not show. */
  readonly notes: readonly string[];
}

export interface DrilledEndpointReport {
  readonly name: string;
  readonly versions: readonly number[];
  /** Where it was asked, by the id of the site. */
  readonly addresses: Readonly<Record<string, string>>;
}

export function drillReport(
  { stack }: DrilledStack,
  startedAt: Date,
  inspections: readonly EndpointInspection[],
  exercise?: Exercise,
): DrillReport {
  const { checks: exercised = [], ...measured } = exercise ?? {};
  const checks = [...inspections.flatMap((inspection) => inspection.checks), ...exercised];
  return {
    stack: stack.node.path,
    startedAt: startedAt.toISOString(),
    manara: version,
    holds: checks.every(({ verdict }) => verdict !== 'failed'),
    sites: stack.allSites.map(({ node, place }) => ({ id: node.id, place })),
    promised: {
      timeSeconds: stack.recovery.time.toSeconds(),
      pointSeconds: stack.recovery.point.toSeconds(),
      failoverSeconds: stack.failover.toSeconds(),
    },
    endpoints: inspections.map(({ drilled: { endpoint }, sites }) => ({
      name: endpoint.name,
      versions: endpoint.versions.map(({ number }) => number),
      addresses: Object.fromEntries(
        sites.map(({ site, client }) => [site.node.id, client.address]),
      ),
    })),
    tolerance,
    checks,
    ...(exercise === undefined ? {} : { exercise: measured as Omit<Exercise, 'checks'> }),
    notes: drillNotes,
  };
}
