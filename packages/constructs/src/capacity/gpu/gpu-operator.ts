import type { DataFlow, Place } from '@manara/residency';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { clusterObject } from '../../cluster-object';
import {
  dataFlows,
  type DeclaresFlows,
  otherNamespaces,
  type OwnsNamespaces,
} from '../../flows/data-flows';
import type { ImageName } from '../../image-name';
import { imageName } from '../../props/kinds';
import { validateId, validateName } from '../../props/names';
import { anyNumber, checkProps, listOf, optional, record, text } from '../../props/props';
import type { Site } from '../../site';
import { NodePool } from '../node-pool';
import { checkImage } from './devices';
import { pluginConfig } from './device-plugin';
import { timeSlicingConfig } from './gpu-plan';
import { GpuSharing } from './sharing';

/** Images of what the operator runs, in the site's registry. What is not named does not run. */
export interface GpuOperatorImages {
  /** Waits on each node for what the others need: the operator's own image. */
  readonly validator: ImageName;
  readonly devicePlugin: ImageName;
  /**
   * GPU Feature Discovery, which labels nodes with what their GPUs are.
   * @default - it does not run
   */
  readonly featureDiscovery?: ImageName;
  /**
   * Partitions GPUs, for pools with `GpuSharing.mig`.
   * @default - it does not run
   */
  readonly migManager?: ImageName;
  /**
   * NVIDIA's container runtime.
   * @default - the nodes have it
   */
  readonly toolkit?: ImageName;
  /**
   * Metrics of GPUs.
   * @default - it does not run
   */
  readonly dcgmExporter?: ImageName;
}

export interface GpuOperatorProps {
  readonly images: GpuOperatorImages;
  /**
   * Namespace that the operator is installed in.
   * @default 'gpu-operator'
   */
  readonly namespace?: string;
  /**
   * Pods to a GPU, of each pool of the cluster with `GpuSharing.timeSlicing`.
   * @default - none
   */
  readonly timeSlicing?: readonly number[];
}

const operatorKinds = {
  images: record({
    validator: imageName,
    devicePlugin: imageName,
    featureDiscovery: optional(imageName),
    migManager: optional(imageName),
    toolkit: optional(imageName),
    dcgmExporter: optional(imageName),
  }),
  namespace: optional(text),
  timeSlicing: optional(listOf(anyNumber)),
};

const configName = 'manara-device-plugin';
const usualConfig = 'default';

/**
 * What NVIDIA's GPU operator does in the cluster of a site: its ClusterPolicy, of which a cluster has one. The
 * operator itself is installed by its own chart with `clusterPolicy.deployCR: false`, and nodes have the driver.
 *
 * Source: NVIDIA/gpu-operator on GitHub, the CRD and the chart, of August 2026; read 2026-11-23.
 */
export class GpuOperator<const P extends Place = Place>
  extends Construct
  implements DeclaresFlows, OwnsNamespaces
{
  readonly site: Site<P>;
  readonly namespace: string;
  readonly timeSlicing: readonly number[];

  /** @throws ConstructError MANARA_CAPACITY for what names no image, and for a way of sharing that is none */
  constructor(
    site: Site<P>,
    id: string,
    readonly props: GpuOperatorProps,
  ) {
    const at = validateId(site, id);
    checkProps(at, props, operatorKinds);
    const { images, namespace = 'gpu-operator', timeSlicing = [] } = props;
    validateName(at, 'namespace', namespace);
    for (const [operand, image] of Object.entries(images) as [string, ImageName | undefined][]) {
      if (image !== undefined) checkImage(at, `images.${operand}`, image);
    }
    for (const replicas of timeSlicing) GpuSharing.timeSlicing(replicas);
    super(site, id);
    this.site = site;
    this.namespace = namespace;
    this.timeSlicing = timeSlicing;
    new k8s.KubeConfigMap(this, 'config', {
      metadata: { name: configName, namespace },
      data: {
        // Where nothing is partitioned, a GPU is one all the same.
        [usualConfig]: pluginConfig(true),
        ...Object.fromEntries(
          timeSlicing.map((replicas) => [
            timeSlicingConfig(replicas),
            pluginConfig(false, replicas),
          ]),
        ),
      },
    });
    clusterObject(this, 'cluster-policy', {
      apiVersion: 'nvidia.com/v1',
      kind: 'ClusterPolicy',
      metadata: { name: 'cluster-policy' },
      spec: this.policy(),
    });
    this.node.addValidation({ validate: () => this.faults() });
  }

  [otherNamespaces](): readonly string[] {
    return [this.namespace];
  }

  [dataFlows](): readonly DataFlow[] {
    const { site } = this;
    return [
      {
        status: 'declared',
        kind: 'image',
        owner: this.node.path,
        dataClasses: [],
        from: {
          name: `image registry of site ${site.node.id}`,
          place: site.images.place,
          uri: `https://${site.images.prefix}`,
        },
        to: { name: `GPU nodes of site ${site.node.id}`, place: site.place },
        // A node's container runtime pulls it, by its own configuration.
        encryption: 'unknown',
      },
    ];
  }

  private policy(): object {
    const { images } = this.props;
    const off = { enabled: false };
    const operand = (image: ImageName | undefined): object =>
      image === undefined ? off : { enabled: true, ...this.imageOf(image) };
    return {
      operator: { runtimeClass: 'nvidia' },
      daemonsets: {
        priorityClassName: 'system-node-critical',
        tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }],
      },
      validator: this.imageOf(images.validator),
      driver: off,
      toolkit: operand(images.toolkit),
      devicePlugin: {
        ...operand(images.devicePlugin),
        config: { name: configName, default: usualConfig },
      },
      mig: { strategy: 'single' },
      migManager: operand(images.migManager),
      gfd: operand(images.featureDiscovery),
      dcgm: off,
      dcgmExporter: operand(images.dcgmExporter),
      nodeStatusExporter: off,
    };
  }

  /** As the operator puts it together again: `repository/image:version`, or `@version` for a digest. */
  private imageOf({ name, tag, digest }: ImageName): object {
    const folder = name.includes('/') ? `/${name.slice(0, name.lastIndexOf('/'))}` : '';
    return {
      repository: `${this.site.images.prefix}${folder}`,
      image: name.slice(name.lastIndexOf('/') + 1),
      version: digest ?? tag,
    };
  }

  /** What pools of the site ask of the operator, and it does not have. */
  private faults(): string[] {
    const pools = this.site.node.children.filter((child) => NodePool.isNodePool(child));
    return pools.flatMap(({ node, gpus }) => {
      if (gpus?.devices.kind !== 'operator') return [];
      const { sharing } = gpus;
      if (sharing.kind === 'mig' && this.props.images.migManager === undefined) {
        return [
          `images.migManager: expected the image that partitions GPUs for pool "${node.id}"; received nothing (MANARA_CAPACITY)`,
        ];
      }
      if (sharing.kind !== 'time-slicing' || this.timeSlicing.includes(sharing.replicas)) return [];
      return [
        `timeSlicing: expected ${sharing.replicas} among them, for pool "${node.id}"; received ${this.timeSlicing.join(', ') || 'none'} (MANARA_CAPACITY)`,
      ];
    });
  }
}
