import { ApiObject, JsonPatch } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { ConstructError } from '../construct-error';
import type { LoweredWorkload } from '../engines/lowering';
import { ModelEndpoint } from '../model-endpoint';
import { validateId } from '../props/names';
import { anyNumber, checkProps, kind, optional } from '../props/props';
import type { ResidencyZone } from '../residency-zone';
import { Site } from '../site';
import { atSynth, idlePod } from './idle-pod';
import { placementOf, resourcesOf } from './placement';

export interface SpareCapacityProps {
  /** Whose nodes have room to spare. */
  readonly site: Site;
  /** Endpoint of the site: the room is that of its replicas, where they go. Others take it as well. */
  readonly like: ModelEndpoint;
  /**
   * Replicas that there is room for.
   * @default - those that one surge adds to the endpoint
   */
  readonly replicas?: number;
}

const spareKinds = {
  site: kind('a Site', (value) => Site.isSite(value)),
  like: kind('a ModelEndpoint', (value) => ModelEndpoint.isModelEndpoint(value)),
  replicas: optional(anyNumber),
};

/**
 * Lower than any pod's, and not below -10, under which the cluster autoscaler makes no nodes for a pod.
 * Source: kubernetes/autoscaler, cluster-autoscaler/FAQ.md, "How can I configure overprovisioning with
 * Cluster Autoscaler?" and "How does Cluster Autoscaler work with Pod Priority and Preemption?"; read 2026-11.
 */
const sparePriority = -10;

/**
 * Room on nodes for replicas that do not exist yet: pods of the lowest priority that do nothing. A replica
 * takes the place of one at once; the one that lost it waits for a node, and so has it made beforehand.
 */
export class SpareCapacity extends Construct {
  readonly site: Site;
  readonly like: ModelEndpoint;
  readonly replicas: number;

  /**
   * @throws ConstructError MANARA_NAME, MANARA_PROP; MANARA_SCALING for an endpoint that is not of the
   * site, and for a number out of range
   */
  constructor(zone: ResidencyZone, id: string, props: SpareCapacityProps) {
    const at = validateId(zone, id);
    checkProps(at, props, spareKinds);
    const { site, like } = props;
    const refuse = (prop: string, expected: string, received: string): never => {
      throw new ConstructError(
        'MANARA_SCALING',
        at,
        `${prop}: expected ${expected}; received ${received}`,
      );
    };
    const workload =
      like.workloads.find((one) => one.site === site) ??
      refuse('like', `an endpoint of site "${site.node.id}"`, `"${like.node.path}"`);
    if (workload.controller.kind !== 'Deployment') {
      const expected = 'an endpoint whose replicas are the pods of one Deployment';
      refuse('like', expected, `"${like.node.path}", of a ${workload.controller.kind}`);
    }
    if (site.zone !== zone) refuse('site', `one of zone "${zone.name}"`, `"${site.node.path}"`);
    const { replicas = surgeReplicas(workload) } = props;
    if (!(Number.isSafeInteger(replicas) && replicas >= 1)) {
      refuse('replicas', 'a whole number above 0', String(replicas));
    }
    if (site.node.tryFindChild(id) !== undefined) {
      throw new ConstructError('MANARA_NAME', at, `id: "${id}" is taken in site "${site.node.id}"`);
    }
    super(zone, id);
    this.site = site;
    this.like = like;
    this.replicas = replicas;
    addPlaceholders(new Construct(site, id), workload, replicas);
  }
}

/** What a surge that reaches the peak adds. */
function surgeReplicas({ plan }: LoweredWorkload): number {
  return Math.max(1, plan.peakReplicas - Math.ceil(plan.peakReplicas / plan.growthFactor));
}

function addPlaceholders(scope: Construct, workload: LoweredWorkload, replicas: number): void {
  const { site, controller, idle } = workload;
  const name = scope.node.id;
  const matchLabels = {
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/component': 'spare-capacity',
  };
  const labels = {
    ...matchLabels,
    'app.kubernetes.io/part-of': site.zone.name,
    'app.kubernetes.io/managed-by': 'manara',
    'manara.dev/site': site.node.id,
  };
  const priorityClassName = priorityOf(site, scope);
  new ApiObject(scope, 'deployment', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels },
    spec: {
      replicas,
      selector: { matchLabels },
      template: {
        metadata: { labels },
        spec: atSynth(() => ({
          ...idlePod(idle, resourcesOf(controller)),
          ...placementOf(controller),
          priorityClassName,
        })),
      },
    },
  });
}

/** One for all of a site: the class belongs to the cluster, so its name has the namespace in it. */
function priorityOf(site: Site, scope: Construct): string {
  const name = `${site.namespaceName}-spare`;
  const isThere = site.node.children.some(
    ({ node }) => node.tryFindChild(priorityId) !== undefined,
  );
  if (isThere) return name;
  const priority = new k8s.KubePriorityClass(scope, priorityId, {
    metadata: { name },
    value: sparePriority,
    globalDefault: false,
    preemptionPolicy: 'Never',
    description: 'Room for replicas that do not exist yet: whatever is of use takes it.',
  });
  // The chart puts every object into its namespace, and a class is in none.
  ApiObject.of(priority).addJsonPatch(JsonPatch.remove('/metadata/namespace'));
  return name;
}

const priorityId = 'spare-priority';
