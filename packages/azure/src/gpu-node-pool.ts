import { kinds } from '@manara/constructs';
import { checkArgs, refuseArg } from '@manara/pulumi';
import type { Place } from '@manara/residency';
import type { ComponentResourceOptions } from '@pulumi/pulumi';
import { AzureComponent } from './azure-component';
import { addAgentPools } from './pools/agent-pools';
import { type NodePoolArgs, planPool, poolKinds } from './pools/pool-args';
import { poolFlows } from './pools/pool-flows';
import { capability, listSkusCommand, locationOf, offeringsKind, type VmSku } from './pools/vm-sku';

export interface GpuNodePoolArgs<P extends Place> extends NodePoolArgs<P> {
  /**
   * Sizes that the subscription can have, as `az vm list-skus` prints them. Microsoft publishes no list of
   * the GPUs of a region that could be kept here, so that a pool without is refused.
   */
  readonly offerings: readonly VmSku[];
}

const kind = {
  cloud: 'azure',
  name: 'GpuNodePool',
  does: 'Nodes with NVIDIA GPUs and their driver, in an agent pool',
  holds: ['Only pods that ask for a GPU are put on its nodes'],
} as const;

const argKinds = { ...poolKinds, offerings: kinds.optional(offeringsKind) };

/** Nodes with NVIDIA GPUs and their driver, which only pods that ask for a GPU are put on. */
export class GpuNodePool<const P extends Place = Place> extends AzureComponent<P> {
  /** Zones that its nodes are in; none where the region has none. */
  readonly zones: readonly string[];
  /** GPUs of each node. */
  readonly gpus: number;

  /**
   * @throws DeployError MANARA_ARGS for an argument that cannot be used, a size that the subscription
   * cannot have or that has no GPU, MANARA_PLACE for a cluster of another place; and those of
   * AzureComponent
   */
  constructor(name: string, args: GpuNodePoolArgs<P>, opts?: ComponentResourceOptions) {
    checkArgs(kind, name, args, argKinds);
    const gpus = gpusOf(name, args, args.offerings);
    const plan = planPool(kind, name, args, args.offerings);
    super(kind, name, args, (self) => poolFlows(self, args), opts);
    plan.takeVcpus();
    this.zones = plan.zones;
    this.gpus = gpus;
    addAgentPools(this.context, args, plan, {
      labels: { 'manara.dev/gpu': 'nvidia' },
      // The key that NVIDIA's device plugin tolerates.
      taints: ['nvidia.com/gpu=present:NoSchedule'],
      settings: { osSKU: 'Ubuntu', gpuProfile: { driver: 'Install' } },
    });
    this.registerOutputs();
  }
}

/**
 * GPUs of a size; planPool refuses one that is not offered, and says more.
 *
 * @param offerings that plain JavaScript may leave out
 */
function gpusOf(
  name: string,
  { place, vmSize }: GpuNodePoolArgs<Place>,
  offerings: readonly VmSku[] | undefined,
): number {
  if (offerings === undefined || offerings.length === 0) {
    const command = listSkusCommand(locationOf(place));
    refuseArg(kind, name, 'offerings', `what this prints: ${command}`, offerings);
  }
  const sku = offerings.find((offered) => offered.name.toLowerCase() === vmSize.toLowerCase());
  const gpus = sku === undefined ? 0 : capability(sku, 'GPUs');
  if (sku === undefined || gpus > 0) return gpus;
  return refuseArg(kind, name, 'vmSize', 'a size with GPUs; CpuNodePool takes one without', vmSize);
}
