import type { DataFlow, Place } from '@manara/residency';
import { Construct } from 'constructs';
import { dataFlows, type DeclaresFlows } from '../flows/data-flows';
import type { Labels } from '../peer';
import type { Site } from '../site';
import { DevicePlugin } from './gpu/device-plugin';
import { type GpuPlan, operatorLabels } from './gpu/gpu-plan';
import { addAksNodeClass, aksNodeClassKind } from './karpenter/aks-node-class';
import { bottlerocketUserData } from './karpenter/bottlerocket';
import { addEc2NodeClass, ec2NodeClassKind } from './karpenter/ec2-node-class';
import { addNodeOverlays } from './karpenter/node-overlays';
import { addNodePools } from './karpenter/node-pools';
import type { NodePlan } from './node-plan';
import { poolLabel } from './pool-labels';
import type { Taint } from './taint';

/** Two copies of this package, in one tree, must know each other's pools. */
const brand = Symbol.for('@manara/constructs.NodePool');

/** Nodes of one kind in the cluster of a site. */
export abstract class NodePool<P extends Place = Place> extends Construct implements DeclaresFlows {
  static isNodePool(x: unknown): x is NodePool {
    return typeof x === 'object' && x !== null && brand in x;
  }

  readonly site: Site<P>;
  /** Zones that its nodes are put in; none where the place has none, or nothing here makes them. */
  readonly availabilityZones: readonly string[];
  /** Labels of its nodes. Whoever makes the nodes of a labelled pool gives them these. */
  readonly labels: Labels;
  /** Taints of its nodes. Whoever makes the nodes of a labelled pool gives them these. */
  readonly taints: readonly Taint[];

  /** @param gpus none on a CPU pool */
  protected constructor(
    site: Site<P>,
    id: string,
    readonly plan: NodePlan,
    readonly gpus: GpuPlan | undefined,
  ) {
    super(site, id);
    Object.defineProperty(this, brand, { value: true });
    this.site = site;
    this.availabilityZones = plan.zones;
    const extra = { ...plan.labels, ...(gpus === undefined ? {} : operatorLabels(gpus)) };
    this.labels = { [poolLabel]: id, ...extra };
    this.taints = plan.taints;
    this.addNodes(extra);
    if (gpus?.devices.kind === 'plugin') {
      const { image } = gpus.devices;
      const labels = this.objectLabels();
      new DevicePlugin(this, 'device-plugin', { site, pool: id, labels, image, gpus });
    }
  }

  [dataFlows](): readonly DataFlow[] {
    const { site } = this;
    const nodes = { name: `nodes of pool ${this.node.id}`, place: site.place };
    const disks = { name: `disks of node pool ${this.node.id}`, place: site.place };
    return [
      {
        status: 'declared',
        kind: 'storage',
        owner: this.node.path,
        // What pods write, images and logs.
        dataClasses: site.zone.data,
        from: disks,
        to: disks,
        encryption: 'local',
      },
      ...(this.gpus?.devices.kind === 'plugin'
        ? [
            {
              status: 'declared' as const,
              kind: 'image' as const,
              owner: this.node.path,
              dataClasses: [],
              from: {
                name: `image registry of site ${site.node.id}`,
                place: site.images.place,
                uri: `https://${site.images.prefix}`,
              },
              to: nodes,
              // A node's container runtime pulls it, by its own configuration.
              encryption: 'unknown' as const,
            },
          ]
        : []),
    ];
  }

  /** Labels of its objects. */
  private objectLabels(): Labels {
    return {
      'app.kubernetes.io/part-of': this.site.zone.name,
      'app.kubernetes.io/managed-by': 'manara',
      'manara.dev/site': this.site.node.id,
      [poolLabel]: this.node.id,
    };
  }

  /** @param labels of the nodes, besides the pool's own */
  private addNodes(labels: Labels): void {
    const { plan, gpus } = this;
    const { id: name } = this.node;
    const metadataLabels = this.objectLabels();
    const pool = { name, metadataLabels, plan, labels };
    switch (plan.provisioner.kind) {
      case 'labelled':
        return;
      case 'karpenter-aws': {
        const userData = gpus === undefined ? undefined : bottlerocketUserData(gpus);
        const { diskGiB } = plan;
        addEc2NodeClass(this, name, metadataLabels, plan.provisioner.props, { diskGiB, userData });
        addNodePools(this, { ...pool, nodeClass: ec2NodeClassKind });
        if (gpus !== undefined) addNodeOverlays(this, name, metadataLabels, plan, gpus);
        return;
      }
      case 'karpenter-azure':
        addAksNodeClass(this, name, metadataLabels, plan.provisioner.props, plan);
        addNodePools(this, { ...pool, nodeClass: aksNodeClassKind(this.site.place) });
    }
  }
}
