import type { Place } from '@manara/residency';
import type { k8s } from 'cdk8s-plus-28';
import { unlessAbsent } from '../../absent';
import { ConstructError } from '../../construct-error';
import type { EndpointSpec, EngineLowering, Workload } from '../lowering';
import { addService, addServiceAccount } from '../parts/identity';
import { selectorLabels } from '../parts/labels';
import { addNetworkPolicy } from '../parts/network-policy';
import {
  addAutoscaler,
  addDisruptionBudget,
  cpuMetric,
  idleReplicas,
  podsMetric,
} from '../parts/replicas';
import { refuseUnsupported } from '../parts/supported';
import { addWeightsCopy } from '../parts/weights-copy';
import { validateOptions } from './check-options';
import { PipelineError, type ResolvedPipeline, resolvePipeline } from './resolve-pipeline';
import { addTritonDeployment, openPorts } from './triton-deployment';
import { type ServedModel, servedModels } from './triton-models';
import type { TritonEngineOptions } from './triton-options';
import { planTriton, type TritonPlan } from './triton-plan';

/**
 * Requests that no instance has taken yet. Source: Triton Inference Server, "Metrics", Pending Request
 * Count; read 2026-11.
 */
const pendingMetric = 'nv_inference_pending_request_count';

/**
 * Lowers an endpoint to NVIDIA's Triton Inference Server.
 *
 * @throws ConstructError MANARA_ENGINE for an option that is malformed or out of range
 */
export function tritonEngine<const P extends Place>(
  options: TritonEngineOptions<P>,
): EngineLowering<P> {
  validateOptions(options);
  return {
    kind: 'triton',
    formats: ['onnx'],
    beside: (options.models ?? []).flatMap(({ versions }) => versions),
    lower(scope, workload) {
      const { endpoint } = workload;
      refuseUnsupported(endpoint, 'Triton');
      const served = servedModels(endpoint, options);
      const pipelines = resolvedPipelines(endpoint, served, options);
      const plan = planTriton(endpoint, served, options);
      const metric = scalingMetric(workload, plan);
      addServiceAccount(scope, workload);
      const deployment = addTritonDeployment(scope, { workload, plan, pipelines, options });
      const service = addService(scope, workload, openPorts(workload));
      const autoscaler = addAutoscaler(scope, workload, {
        target: { apiVersion: 'apps/v1', kind: 'Deployment', name: endpoint.name },
        ...plan,
        metrics: [metric],
      });
      addDisruptionBudget(scope, workload);
      addNetworkPolicy(scope, workload);
      const firstCopy = addWeightsCopy(scope, workload, options.fetchImageDigest);
      // Pods that wait for their weights would outlive the rollout's deadline.
      if (firstCopy !== undefined) deployment.node.addDependency(firstCopy);
      return {
        ...workload,
        controller: deployment,
        service,
        autoscaler,
        podLabels: selectorLabels(workload),
        imageDigest: options.image?.digest,
        capacity: {
          idleReplicas: idleReplicas(workload, plan.minReplicas),
          peakReplicas: plan.peakReplicas,
          startupSeconds: plan.startupSeconds,
          growthFactor: growthFactor(plan),
        },
      };
    },
  };
}

function resolvedPipelines(
  { path }: EndpointSpec,
  served: readonly ServedModel[],
  { pipelines = [] }: TritonEngineOptions<Place>,
): readonly ResolvedPipeline[] {
  return pipelines.map((pipeline) => {
    try {
      return resolvePipeline(pipeline, served);
    } catch (error) {
      if (!(error instanceof PipelineError)) throw error;
      const at = `engine.pipelines "${pipeline.name}"`;
      throw new ConstructError('MANARA_ENGINE', path, `${at}: ${error.message}`);
    }
  });
}

/**
 * On a CPU its use. A GPU's host only waits, so there it is the requests that do: as many as come in half of
 * the objective, at the peak that the replicas were counted for.
 */
function scalingMetric({ endpoint, site }: Workload, plan: TritonPlan): k8s.MetricSpecV2 {
  if (plan.targetCpuPercent !== undefined) return cpuMetric(plan.targetCpuPercent);
  if (unlessAbsent(site.metrics) === undefined) {
    throw new ConstructError(
      'MANARA_ENGINE',
      endpoint.path,
      `engine.gpus: replicas with GPUs follow ${pendingMetric}, which somebody must collect; expected metrics of site "${site.node.id}", received none`,
    );
  }
  const perSecond = endpoint.traffic.peakRequestsPerSecond / plan.peakReplicas;
  const patienceSeconds = endpoint.objective.p99Latency.toMilliseconds() / 2000;
  return podsMetric(pendingMetric, Math.max(1, Math.floor(perSecond * patienceSeconds)));
}

/** The autoscaler follows CPU use, of which a pod has its limit at most; of waiting requests there is no most. */
function growthFactor({
  targetCpuPercent,
  cpuLimitMillis,
  cpuRequestMillis,
  maxReplicas,
}: TritonPlan): number {
  if (targetCpuPercent === undefined) return maxReplicas;
  return (cpuLimitMillis * 100) / (cpuRequestMillis * targetCpuPercent);
}
