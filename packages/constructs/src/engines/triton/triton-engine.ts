import type { Place } from '@manara/residency';
import { ApiObject } from 'cdk8s';
import { checkRoom } from '../../capacity/node-room';
import { ConstructError } from '../../construct-error';
import type { WayOut } from '../../pods/network-rules';
import { addScaling } from '../../scaling/add-scaling';
import type { PlannedScaling } from '../../scaling/scaled-workload';
import type { EndpointSpec, EngineLowering, Workload } from '../lowering';
import { capacityOf, idleCommand } from '../parts/capacity';
import { gpuCount } from '../parts/gpus';
import { addService, addServiceAccount } from '../parts/identity';
import { objectLabels, selectorLabels } from '../parts/labels';
import { addNetworkPolicy, waysToWeights } from '../parts/network-policy';
import { refuseUnsupported } from '../parts/supported';
import { addWeightsCopy } from '../parts/weights-copy';
import { validateOptions } from './check-options';
import { PipelineError, type ResolvedPipeline, resolvePipeline } from './resolve-pipeline';
import { tritonTraces } from './triton-arguments';
import { addTritonDeployment, openPorts, tritonImageOf } from './triton-deployment';
import { type ServedModel, servedModels } from './triton-models';
import type { TritonEngineOptions } from './triton-options';
import { planTriton, type TritonPlan } from './triton-plan';

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
      refuseUnsupported(workload, 'Triton');
      const served = servedModels(endpoint, options);
      const pipelines = resolvedPipelines(endpoint, served, options);
      const plan = planTriton(workload, served, options);
      const { gpus } = options;
      checkRoom(endpoint.path, workload.nodes, {
        cpuMillis: plan.cpuRequestMillis,
        memoryBytes: plan.memoryBytes,
        gpus: gpus === undefined ? 0 : gpuCount(gpus),
      });
      addServiceAccount(scope, workload);
      const controller = addTritonDeployment(scope, { workload, plan, pipelines, options });
      const service = addService(scope, workload, openPorts(workload));
      const idle = { image: tritonImageOf(workload, options), command: idleCommand };
      const scaling = addScaling(scope, {
        ...plan,
        workload,
        controller,
        device: gpus === undefined ? 'cpu' : 'gpu',
        labels: objectLabels(workload),
        selector: selectorLabels(workload),
        idle,
      });
      const ways = [...waysToWeights(workload), ...waysToTraces(workload)];
      addNetworkPolicy(scope, workload, ways);
      const firstCopy = addWeightsCopy(scope, workload, options.fetchImageDigest);
      // Pods that wait for their weights would outlive the rollout's deadline.
      if (firstCopy !== undefined) controller.node.addDependency(firstCopy);
      return {
        ...workload,
        ...scaling,
        controller,
        service: ApiObject.of(service),
        podLabels: selectorLabels(workload),
        imageDigest: options.image?.digest,
        idle,
        waysOut: ways,
        metrics: { port: 'metrics', areBundled: false },
        capacity: capacityOf(workload, scaling, {
          startupSeconds: plan.startupSeconds,
          growthFactor: growthFactor(plan, scaling),
        }),
      };
    },
  };
}

function waysToTraces({ site }: Workload): readonly WayOut[] {
  const traces = tritonTraces(site);
  if (traces === undefined) return [];
  return [{ peer: traces.peer, port: traces.port, addresses: [traces.uri] }];
}

/** The autoscaler follows what is used: of its CPU a pod has its limit at most, and of its GPUs all. */
function growthFactor(
  { replica, cpuLimitMillis, cpuRequestMillis }: TritonPlan,
  { plan: { target } }: PlannedScaling,
): number {
  if (replica.cpu === undefined) return 100 / target.busyPercent;
  return (cpuLimitMillis * 100) / (cpuRequestMillis * (target.cpuPercent ?? 100));
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
