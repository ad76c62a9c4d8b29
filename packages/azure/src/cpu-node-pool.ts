import { kinds } from '@manara/constructs';
import { checkArgs } from '@manara/pulumi';
import type { Place } from '@manara/residency';
import type { ComponentResourceOptions } from '@pulumi/pulumi';
import { AzureComponent } from './azure-component';
import { addAgentPools } from './pools/agent-pools';
import { poolFlows } from './pools/pool-flows';
import { type NodePoolArgs, planPool, poolKinds } from './pools/pool-args';
import { offeringsKind, type VmSku } from './pools/vm-sku';

export interface CpuNodePoolArgs<P extends Place> extends NodePoolArgs<P> {
  /**
   * Sizes that the subscription can have, as `az vm list-skus` prints them, to check `vmSize`, `zones`
   * and quotas against.
   * @default - those of the cluster; without, Azure refuses what it does not have
   */
  readonly offerings?: readonly VmSku[];
}

const kind = {
  cloud: 'azure',
  name: 'CpuNodePool',
  does: 'Nodes without accelerators, in an agent pool',
} as const;

const argKinds = { ...poolKinds, offerings: kinds.optional(offeringsKind) };

/** Nodes without accelerators, in an agent pool of a cluster. */
export class CpuNodePool<const P extends Place = Place> extends AzureComponent<P> {
  /** Zones that its nodes are in; none where the region has none. */
  readonly zones: readonly string[];

  /**
   * @throws DeployError MANARA_ARGS for an argument that cannot be used, MANARA_PLACE for a cluster of
   * another place; and those of AzureComponent
   */
  constructor(name: string, args: CpuNodePoolArgs<P>, opts?: ComponentResourceOptions) {
    checkArgs(kind, name, args, argKinds);
    const plan = planPool(kind, name, args, args.offerings ?? args.cluster.offerings);
    super(kind, name, args, (self) => poolFlows(self, args), opts);
    plan.takeVcpus();
    this.zones = plan.zones;
    addAgentPools(this.context, args, plan, { labels: {}, taints: [] });
    this.registerOutputs();
  }
}
