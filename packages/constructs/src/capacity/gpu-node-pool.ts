import type { Place } from '@manara/residency';
import { validateId } from '../props/names';
import { checkProps } from '../props/props';
import type { Site } from '../site';
import type { GpuDevices } from './gpu/devices';
import { planGpus } from './gpu/gpu-plan';
import type { GpuSharing } from './gpu/sharing';
import { NodePool } from './node-pool';
import { planNodes } from './node-plan';
import { gpuPoolKinds, type NodePoolProps } from './node-pool-props';

export interface GpuNodePoolProps extends NodePoolProps {
  /**
   * How pods share a GPU.
   * @default GpuSharing.none()
   */
  readonly sharing?: GpuSharing;
  /**
   * Who offers the GPUs to pods.
   * @default - the nodes themselves; with Karpenter on Azure, whose images do not, it must be said
   */
  readonly devices?: GpuDevices;
}

/**
 * Nodes with NVIDIA GPUs, in the cluster of a site, which only pods that ask for a GPU are put on. Endpoints
 * name it in their `nodes`.
 */
export class GpuNodePool<const P extends Place = Place> extends NodePool<P> {
  /**
   * @throws ConstructError MANARA_CAPACITY for what cannot be: a type that the place does not offer among
   * them, with the nearest that it does; MANARA_NAME, MANARA_PROP
   */
  constructor(
    site: Site<P>,
    id: string,
    readonly props: GpuNodePoolProps,
  ) {
    const at = validateId(site, id);
    checkProps(at, props, gpuPoolKinds);
    const plan = planNodes(at, site, props, 'gpu');
    super(site, id, plan, planGpus(at, plan, props));
  }
}
