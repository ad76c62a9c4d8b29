import type { InstanceOfferings } from '@manara/residency';
import type { Duration, Size } from 'cdk8s';
import { duration, size } from '../props/kinds';
import { anyNumber, kind, listOf, mapOf, optional, record, text } from '../props/props';
import type { Consolidation } from './consolidation';
import type { Provisioner } from './provisioner';
import type { Taint } from './taint';

/** What the pools of every kind are given. */
export interface NodePoolProps {
  /** Types that the nodes may be, of one architecture and one GPU: `g6.xlarge`. */
  readonly instanceTypes: readonly [string, ...string[]];
  /** Nodes at most, over all zones. */
  readonly nodes: { readonly max: number };
  /**
   * Machines that the cloud may take back, above the `floor` of those that it may not.
   * @default - none: all are on demand
   */
  readonly spot?: SpotNodes;
  /**
   * Availability zones: ids at AWS (`mec1-az1`), numbers at Azure (`1`).
   * @default - all that offer every type
   */
  readonly availabilityZones?: readonly string[];
  /**
   * What makes the nodes.
   * @default - at Azure, Karpenter; on premises and elsewhere, nobody here. At AWS it must be said
   */
  readonly provisioner?: Provisioner;
  /**
   * Types that there are, where the dated table does not know them: of another region, newer ones, or
   * machines of one's own, under names of one's own.
   * @default - the dated table of the UAE; none elsewhere
   */
  readonly offerings?: InstanceOfferings;
  /**
   * Disk of a node for images, logs and what pods write: 30 GiB to 2 TiB.
   * @default Size.gibibytes(100)
   */
  readonly diskSize?: Size;
  /**
   * Labels of the nodes, besides Manara's own.
   * @default - none
   */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Taints of the nodes; pods of endpoints that name the pool tolerate them.
   * @default - none on a CPU pool; `nvidia.com/gpu=present:NoSchedule` on a GPU pool
   */
  readonly taints?: readonly Taint[];
  /**
   * When nodes are taken down or replaced.
   * @default - as the props of `NodeDisruption` say
   */
  readonly disruption?: NodeDisruption;
}

export interface SpotNodes {
  /** On-demand nodes that pods fill first: at least 1, below `nodes.max`. */
  readonly floor: number;
}

/** When Karpenter may take nodes down, or replace them. */
export interface NodeDisruption {
  /**
   * When it does so to save money.
   * @default - a CPU pool, or one with spot: `Consolidation.whenUnderused()`; a GPU pool, whose pods hold
   * models that take long to load: `Consolidation.whenEmpty()`
   */
  readonly consolidation?: Consolidation;
  /**
   * Nodes at once. An expired node counts for none: Karpenter drains it at its hour.
   * @default - a tenth of `nodes.max`, and at least 1
   */
  readonly atOnce?: number;
  /**
   * Hours in which none is, but for empty ones: from each time of a cron schedule in UTC.
   * @default - none
   */
  readonly quiet?: { readonly schedule: string; readonly duration: Duration };
  /**
   * Age at which a node is replaced, so that it runs a patched image.
   * @default Duration.days(30)
   */
  readonly expireAfter?: Duration;
}

const consolidation = kind('a Consolidation', (value) => modeOf(value)?.policy !== undefined);

const provisioner = kind('a Provisioner', (value) =>
  ['karpenter-aws', 'karpenter-azure', 'labelled'].includes(String(modeOf(value)?.kind)),
);

function modeOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return (value as { readonly mode?: Readonly<Record<string, unknown>> } | null | undefined)?.mode;
}

const offering = record({
  zones: listOf(text),
  vcpus: anyNumber,
  memoryGiB: optional(anyNumber),
  architecture: kind('x86_64 or arm64', (value) => value === 'x86_64' || value === 'arm64'),
  gpu: optional(record({ name: text, count: anyNumber })),
});

export const nodePoolKinds = {
  instanceTypes: listOf(text),
  nodes: record({ max: anyNumber }),
  spot: optional(record({ floor: anyNumber })),
  availabilityZones: optional(listOf(text)),
  provisioner: optional(provisioner),
  offerings: optional(mapOf(offering)),
  diskSize: optional(size),
  labels: optional(mapOf(text)),
  taints: optional(listOf(record({ key: text, value: optional(text), effect: text }))),
  disruption: optional(
    record({
      consolidation: optional(consolidation),
      atOnce: optional(anyNumber),
      quiet: optional(record({ schedule: text, duration })),
      expireAfter: optional(duration),
    }),
  ),
};

/** Kinds of the props that a GPU pool has besides. */
export const gpuPoolKinds = {
  ...nodePoolKinds,
  sharing: optional(
    kind('a GpuSharing', (value) =>
      ['none', 'time-slicing', 'mig'].includes(String(modeOf(value)?.kind)),
    ),
  ),
  devices: optional(
    kind('a GpuDevices', (value) =>
      ['present', 'plugin', 'operator', 'claims'].includes(String(modeOf(value)?.kind)),
    ),
  ),
};
