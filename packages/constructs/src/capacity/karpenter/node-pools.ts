import type { INodePool } from '@kubernetes-models/karpenter/karpenter.sh/v1';
import type { Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import { clusterObject } from '../../cluster-object';
import type { Labels } from '../../peer';
import type { ConsolidationMode } from '../consolidation';
import type { DisruptionPlan, NodePlan } from '../node-plan';
import { capacityLabel, floorValue, poolLabel, restValue } from '../pool-labels';

type NodePoolSpec = INodePool['spec'];
type Requirement = NodePoolSpec['template']['spec']['requirements'][number];

/** Group and kind of what says how a cloud makes the nodes. */
export interface NodeClassKind {
  readonly group: string;
  readonly kind: string;
  /** What zones are told by, and what they are called there. */
  readonly zoneLabel: string;
  readonly zoneValue: (zone: string) => string;
}

interface KarpenterPool {
  readonly name: string;
  readonly metadataLabels: Labels;
  readonly plan: NodePlan;
  /** Labels of the nodes. */
  readonly labels: Labels;
  readonly nodeClass: NodeClassKind;
}

/**
 * One NodePool, or with spot two: Karpenter asks the heavier first, whose limit is the floor, and the other
 * for the rest.
 */
export function addNodePools(scope: Construct, pool: KarpenterPool): void {
  const { name, plan } = pool;
  const { floor, maxNodes, disruption } = plan;
  if (floor === undefined) {
    const template = templateOf(pool, pool.labels, ['on-demand']);
    addNodePool(scope, 'node-pool', pool, name, {
      template,
      limits: limits(plan, maxNodes),
      disruption: disruptionOf(disruption, disruption.consolidation),
    });
    return;
  }
  addNodePool(scope, 'floor', pool, `${name}-floor`, {
    template: templateOf(pool, { ...pool.labels, [capacityLabel]: floorValue }, ['on-demand']),
    limits: limits(plan, floor),
    weight: 10,
    // Not even an empty one goes: pods that spot nodes lose are to find it there.
    disruption: disruptionOf(disruption, { policy: 'WhenEmpty', after: undefined }),
  });
  addNodePool(scope, 'node-pool', pool, name, {
    // Where the cloud has no spot machine to spare, one on demand: a pod that waits serves nobody.
    template: templateOf(pool, { ...pool.labels, [capacityLabel]: restValue }, [
      'spot',
      'on-demand',
    ]),
    limits: limits(plan, maxNodes - floor),
    disruption: disruptionOf(disruption, disruption.consolidation),
  });
}

function addNodePool(
  scope: Construct,
  id: string,
  { metadataLabels }: KarpenterPool,
  name: string,
  spec: NodePoolSpec,
): void {
  clusterObject(scope, id, {
    apiVersion: 'karpenter.sh/v1',
    kind: 'NodePool',
    metadata: { name, labels: { ...metadataLabels } },
    spec,
  } satisfies INodePool);
}

function templateOf(
  { name, plan, nodeClass }: KarpenterPool,
  labels: Labels,
  capacityTypes: readonly string[],
): NodePoolSpec['template'] {
  const { group, kind } = nodeClass;
  return {
    metadata: { labels: { [poolLabel]: name, ...labels } },
    spec: {
      nodeClassRef: { group, kind, name },
      requirements: requirements(plan, nodeClass, capacityTypes),
      ...(plan.taints.length === 0 ? {} : { taints: plan.taints.map((taint) => ({ ...taint })) }),
      expireAfter: goDuration(plan.disruption.expireAfter),
    },
  };
}

const architectures = { x86_64: 'amd64', arm64: 'arm64' } as const;

function requirements(
  { instanceTypes, architecture, zones }: NodePlan,
  { zoneLabel, zoneValue }: NodeClassKind,
  capacityTypes: readonly string[],
): Requirement[] {
  const among = (key: string, values: readonly string[]): Requirement => ({
    key,
    operator: 'In',
    values: [...values],
  });
  return [
    among('node.kubernetes.io/instance-type', instanceTypes),
    among('karpenter.sh/capacity-type', capacityTypes),
    among('kubernetes.io/arch', [architectures[architecture]]),
    among('kubernetes.io/os', ['linux']),
    ...(zones.length === 0 ? [] : [among(zoneLabel, zones.map(zoneValue))]),
  ];
}

/** In vCPUs too: releases of Karpenter before 1.8 count no nodes. */
function limits({ vcpus }: NodePlan, nodes: number): NonNullable<NodePoolSpec['limits']> {
  return { nodes, cpu: nodes * vcpus };
}

function disruptionOf(
  { atOnce, quiet }: DisruptionPlan,
  { policy, after }: ConsolidationMode,
): NonNullable<NodePoolSpec['disruption']> {
  return {
    consolidationPolicy: policy,
    consolidateAfter: after === undefined ? 'Never' : goDuration(after),
    budgets: [
      { nodes: String(atOnce) },
      ...(quiet === undefined
        ? []
        : [
            {
              nodes: '0',
              reasons: ['Drifted' as const, 'Underutilized' as const],
              schedule: quiet.schedule,
              duration: goDuration(quiet.duration),
            },
          ]),
    ],
  };
}

/** A duration as Go writes it, in the largest unit that it is whole in. */
function goDuration(duration: Duration): string {
  const seconds = duration.toSeconds();
  if (seconds === 0) return '0s';
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}
