import { kinds } from '@manara/constructs';
import { checkArgs, refuseArg } from '@manara/pulumi';
import type { Place } from '@manara/residency';
import type { ComponentResourceOptions } from '@pulumi/pulumi';
import { AwsComponent } from './aws-component';
import { addPool, checkPool, type NodePoolArgs, poolFlows, poolKinds } from './nodes/node-pool';
import type { PoolPlan } from './nodes/pool-plan';

export interface GpuNodePoolArgs<P extends Place> extends NodePoolArgs<P> {
  /**
   * Whether nodes talk over Elastic Fabric Adapter: on every network card, in a placement group of one
   * zone. A pod needs AWS's device plugin for it: `EfaDevicePlugin`.
   * @default false
   */
  readonly efa?: boolean;
}

const kind = {
  cloud: 'aws',
  name: 'GpuNodePool',
  does: 'Nodes with GPUs, as managed node groups',
  holds: ['Pods that do not ask for a GPU are kept off its nodes by a taint'],
} as const;

const argKinds = {
  ...poolKinds,
  efa: kinds.optional(kinds.kind('true or false', (value) => typeof value === 'boolean')),
};

/**
 * Nodes with GPUs, as managed node groups of a cluster. Their Bottlerocket has NVIDIA's driver and device
 * plugin in it, so nothing is installed; pods that do not ask for a GPU are kept off by a taint.
 */
export class GpuNodePool<const P extends Place = Place> extends AwsComponent<P> {
  /** Ids of the zones that its nodes run in. */
  readonly availabilityZones: readonly string[];

  /**
   * @throws DeployError MANARA_ARGS for an argument that cannot be used: a type that the place or a zone
   * lacks and a quota that is exceeded among them; and those of AwsComponent
   */
  constructor(name: string, args: GpuNodePoolArgs<P>, opts?: ComponentResourceOptions) {
    checkArgs(kind, name, args, argKinds);
    const { plan, takeVcpus } = checkPool(kind, name, args, 'gpu');
    if (args.efa === true) checkEfa(name, plan);
    const { cluster, tags } = args;
    const { zone, place } = cluster;
    super(
      kind,
      name,
      { zone, place, ...(tags === undefined ? {} : { tags }) },
      (self) => poolFlows(self, args),
      opts,
    );
    takeVcpus();
    addPool(this.context, args, plan, args.efa === true);
    this.availabilityZones = plan.zones;
    this.registerOutputs();
  }
}

function checkEfa(name: string, { efaInterfaces, zones, instanceTypes }: PoolPlan): void {
  if (efaInterfaces === 0) {
    refuseArg(kind, name, 'efa', 'types that all have EFA, or no efa', instanceTypes);
  }
  if (zones.length === 1) return;
  refuseArg(
    kind,
    name,
    'availabilityZones',
    'one zone where efa is asked for, as it does not reach across',
    zones,
  );
}
