import type { Place } from '@manara/residency';
import { validateId } from '../props/names';
import { checkProps } from '../props/props';
import type { Site } from '../site';
import { NodePool } from './node-pool';
import { planNodes } from './node-plan';
import { nodePoolKinds, type NodePoolProps } from './node-pool-props';

export type CpuNodePoolProps = NodePoolProps;

/** Nodes without accelerators, in the cluster of a site. Endpoints name it in their `nodes`. */
export class CpuNodePool<const P extends Place = Place> extends NodePool<P> {
  /**
   * @throws ConstructError MANARA_CAPACITY for what cannot be: a type that the place does not offer among
   * them, with the nearest that it does; MANARA_NAME, MANARA_PROP
   */
  constructor(
    site: Site<P>,
    id: string,
    readonly props: CpuNodePoolProps,
  ) {
    const at = validateId(site, id);
    checkProps(at, props, nodePoolKinds);
    super(site, id, planNodes(at, site, props, 'cpu'), undefined);
  }
}
