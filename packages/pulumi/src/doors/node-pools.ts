import * as constructs from '@manara/constructs';
import type { Place } from '@manara/residency';
import type { ComponentResourceOptions } from '@pulumi/pulumi';
import { ConstructComponent } from './construct-component';
import { toLate, type WithInputs } from './inputs';
import type { Site } from './site';

export interface CpuNodePoolArgs<P extends Place> extends constructs.CpuNodePoolProps {
  /** Site whose cluster has the nodes. */
  readonly site: Site<P>;
}

export interface GpuNodePoolArgs<P extends Place> extends constructs.GpuNodePoolProps {
  /** Site whose cluster has the nodes. */
  readonly site: Site<P>;
}

export interface GpuOperatorArgs<P extends Place> extends WithInputs<constructs.GpuOperatorProps> {
  /** Site in whose cluster the operator is. */
  readonly site: Site<P>;
}

/** Nodes without accelerators, in the cluster of a site. */
export class CpuNodePool<const P extends Place = Place> extends ConstructComponent<
  constructs.CpuNodePool<P>
> {
  /** @throws as the construct of that name, and as `ConstructComponent` */
  constructor(name: string, args: CpuNodePoolArgs<P>, opts?: ComponentResourceOptions) {
    const { site, ...props } = args;
    const build = (_: unknown, id: string) =>
      new constructs.CpuNodePool<P>(site.construct, id, props);
    super('manara:index:CpuNodePool', name, { site, build }, opts);
  }
}

/** Nodes with NVIDIA GPUs, in the cluster of a site. */
export class GpuNodePool<const P extends Place = Place> extends ConstructComponent<
  constructs.GpuNodePool<P>
> {
  /** @throws as the construct of that name, and as `ConstructComponent` */
  constructor(name: string, args: GpuNodePoolArgs<P>, opts?: ComponentResourceOptions) {
    const { site, ...props } = args;
    const build = (_: unknown, id: string) =>
      new constructs.GpuNodePool<P>(site.construct, id, props);
    super('manara:index:GpuNodePool', name, { site, build }, opts);
  }
}

/** What NVIDIA's GPU operator does in the cluster of a site. */
export class GpuOperator<const P extends Place = Place> extends ConstructComponent<
  constructs.GpuOperator<P>
> {
  /** @throws as the construct of that name, and as `ConstructComponent` */
  constructor(name: string, args: GpuOperatorArgs<P>, opts?: ComponentResourceOptions) {
    const { site, ...props } = args;
    const build = (_: unknown, id: string) =>
      new constructs.GpuOperator<P>(
        site.construct,
        id,
        toLate<constructs.GpuOperatorProps>('GpuOperator', props),
      );
    super('manara:index:GpuOperator', name, { site, build }, opts);
  }
}
