import { ConstructError } from '../construct-error';
import type { PlacedWorkload } from '../engines/lowering';
import { listAt, recordAt, textAt } from '../manifest';
import type { ModelEndpoint } from '../model-endpoint';
import { isEndpointRollout } from './rollout-brand';

/** What a rollout needs of its endpoint. */
export interface Needs {
  readonly rollout: string;
  /** A mesh, which divides requests or copies them. */
  readonly mesh: boolean;
}

/** Engines whose metrics an analysis can read. */
const judged: readonly string[] = ['onnx'];

/** Kinds that set a number of replicas, and can be pointed at a Rollout. */
const autoscalers: readonly string[] = ['HorizontalPodAutoscaler', 'ScaledObject'];

/** @throws ConstructError MANARA_ROLLOUT for an endpoint that no rollout can act on */
export function checkEndpoint(at: string, endpoint: ModelEndpoint, needs: Needs): void {
  const refuse = (message: string): never => {
    throw new ConstructError('MANARA_ROLLOUT', at, message);
  };
  const other = endpoint.node.children.find(isEndpointRollout);
  if (other !== undefined) {
    refuse(
      `endpoint "${endpoint.node.path}": expected one rollout, which owns its weights and replicas; received a second beside "${other.node.id}"`,
    );
  }
  const engine = endpoint.engine.lowering.kind;
  if (!judged.includes(engine)) {
    refuse(
      `endpoint "${endpoint.node.path}": expected an engine whose metrics tell good pods from bad ones (${judged.join(', ')}); received ${engine}`,
    );
  }
  if (needs.mesh && endpoint.routes !== undefined) {
    refuse(
      `endpoint "${endpoint.node.path}": routes and a ${needs.rollout} lead the same requests; expected one of the two, or a BlueGreenRollout; received both`,
    );
  }
  for (const workload of primaries(endpoint)) {
    const fault = workloadFault(workload, needs);
    if (fault !== undefined) refuse(`${fault} on site "${workload.site.node.id}"`);
  }
}

/** The workloads that traffic goes to: a standby has none that an analysis could judge by. */
export function primaries(endpoint: ModelEndpoint): readonly PlacedWorkload[] {
  return endpoint.workloads.filter(({ role }) => role === 'primary');
}

function workloadFault(
  { controller, autoscaler, routes }: PlacedWorkload,
  { rollout, mesh }: Needs,
): string | undefined {
  if (controller.kind !== 'Deployment') {
    return `engine: expected one that runs a Deployment, whose pods a ${rollout} replaces; received a ${controller.kind}`;
  }
  if (mesh && routes === undefined) {
    return `mesh: a ${rollout} divides requests between pods; expected mesh: ServiceMesh.istio(), or a BlueGreenRollout, which needs none; received none`;
  }
  if (!autoscalers.includes(autoscaler.kind)) {
    return `autoscaler: expected one of ${autoscalers.join(', ')}; received a ${autoscaler.kind}`;
  }
  if (scalesOnMemory(autoscaler.toJson())) {
    return `autoscaler: a server's memory does not fall as requests are divided, so that replicas would grow to their limit during a ${rollout}; expected CPU, requests or a queue; received memory`;
  }
  return undefined;
}

/** Source: argo-rollouts, issues 2857 and 3849; read 2026-11. */
function scalesOnMemory(manifest: unknown): boolean {
  const spec = recordAt(manifest, 'spec');
  const resources = listAt(spec, 'metrics').flatMap((metric) => [
    recordAt(metric, 'resource'),
    recordAt(metric, 'containerResource'),
  ]);
  const triggers = listAt(spec, 'triggers').map((trigger) => textAt(trigger, 'type'));
  return resources.some((one) => textAt(one, 'name') === 'memory') || triggers.includes('memory');
}
