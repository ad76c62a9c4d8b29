import { type PoolPlan as Plan, planPool as plan } from '@manara/constructs';
import { type CloudKind, refuseArg } from '@manara/pulumi';
import type { InstanceOfferings, Place } from '@manara/residency';

interface PoolQuestion {
  readonly kind: CloudKind;
  readonly name: string;
  /** Name of the argument that holds the types. */
  readonly arg: string;
  readonly place: Place;
  readonly instanceTypes: readonly string[];
  /** Zones that are asked for. @default - those of the network that offer every type */
  readonly availabilityZones: readonly string[] | undefined;
  readonly networkZones: readonly string[];
  readonly offerings: InstanceOfferings | undefined;
  readonly wants: 'cpu' | 'gpu';
}

/** What the nodes of a pool have in common. */
export interface PoolPlan extends Plan {
  /** EFA interfaces that every type can have. */
  readonly efaInterfaces: number;
}

/**
 * Which zones can run a pool.
 *
 * @throws DeployError MANARA_ARGS for a type that the place or a zone lacks, with what there is, and for
 * types that cannot stand in one pool
 */
export function planPool({ kind, name, arg, networkZones, ...question }: PoolQuestion): PoolPlan {
  const planned = plan(
    {
      ...question,
      zones: networkZones,
      whose: 'the network',
      offeringsFix: "give the cluster's offerings",
    },
    (prop, expected, received) =>
      refuseArg(kind, name, prop === 'instanceTypes' ? arg : prop, expected, received),
  );
  const efaInterfaces = Math.min(...planned.offered.map((o) => o.efaInterfaces ?? 0));
  return { ...planned, efaInterfaces };
}
