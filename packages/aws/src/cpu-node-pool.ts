import { checkArgs } from '@manara/pulumi';
import type { Place } from '@manara/residency';
import type { ComponentResourceOptions } from '@pulumi/pulumi';
import { AwsComponent } from './aws-component';
import { addPool, checkPool, type NodePoolArgs, poolFlows, poolKinds } from './nodes/node-pool';

export type CpuNodePoolArgs<P extends Place> = NodePoolArgs<P>;

const kind = {
  cloud: 'aws',
  name: 'CpuNodePool',
  does: 'Nodes without accelerators, as managed node groups',
} as const;

/** Nodes without accelerators, as managed node groups of a cluster. */
export class CpuNodePool<const P extends Place = Place> extends AwsComponent<P> {
  /** Ids of the zones that its nodes run in. */
  readonly availabilityZones: readonly string[];

  /**
   * @throws DeployError MANARA_ARGS for an argument that cannot be used: a type that the place or a zone
   * lacks and a quota that is exceeded among them; and those of AwsComponent
   */
  constructor(name: string, args: CpuNodePoolArgs<P>, opts?: ComponentResourceOptions) {
    checkArgs(kind, name, args, poolKinds);
    const { plan, takeVcpus } = checkPool(kind, name, args, 'cpu');
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
    addPool(this.context, args, plan);
    this.availabilityZones = plan.zones;
    this.registerOutputs();
  }
}
