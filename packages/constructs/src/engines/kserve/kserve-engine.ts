import { ports } from '@manara/contract';
import { ApiObject } from 'cdk8s';
import { checkRoom } from '../../capacity/node-room';
import { ConstructError } from '../../construct-error';
import { addDisruptionBudget } from '../../scaling/disruption-budget';
import { addImagePull } from '../../scaling/image-pull';
import { planWorkload } from '../../scaling/plan-workload';
import { metricName } from '../../scaling/scaling-metric';
import type { EndpointSpec, EngineLowering } from '../lowering';
import { type OnnxEngineOptions, validateOptions } from '../onnx/onnx-options';
import { serverConfig } from '../onnx/server-config';
import { bundledMetrics, serverCapacity, serverScaling } from '../onnx/server-scaling';
import { serverSize } from '../onnx/server-size';
import { addService, addServiceAccount } from '../parts/identity';
import { selectorLabels } from '../parts/labels';
import { addNetworkPolicy, waysOut } from '../parts/network-policy';
import { addWeightsCopy } from '../parts/weights-copy';
import { addInferenceService } from './inference-service';
import { addServingRuntime } from './serving-runtime';

/**
 * Lowers an endpoint to KServe, which runs the bundled server: all that the server can do stays.
 *
 * @throws ConstructError MANARA_ENGINE for an option that is malformed or out of range
 */
export function kserveEngine(options: OnnxEngineOptions): EngineLowering<never> {
  validateOptions(options, 'ServingEngine.kserve');
  return {
    kind: 'kserve',
    formats: ['onnx'],
    lower(scope, workload) {
      const { endpoint } = workload;
      const size = serverSize(endpoint, options);
      const { imageDigest } = options;
      checkRoom(endpoint.path, workload.nodes, {
        cpuMillis: size.cpuRequestMillis,
        memoryBytes: size.memoryBytes,
        gpus: 0,
      });
      refuseOtherAutoscaler(endpoint);
      const scaled = serverScaling(workload, size, options);
      const scaling = planWorkload(scaled);
      addServiceAccount(scope, workload);
      const runtime = addServingRuntime(scope, workload, { size, imageDigest });
      const service = addInferenceService(scope, workload, {
        size,
        plan: scaling.plan,
        config: serverConfig(workload, size),
        imageDigest,
      });
      // KServe refuses a service whose runtime is not there yet, and looks again much later.
      service.node.addDependency(runtime);
      const address = addService(scope, workload, ports);
      addDisruptionBudget(scope, scaled);
      addImagePull(scope, { ...scaled, controller: service });
      const ways = waysOut(workload);
      addNetworkPolicy(scope, workload, ways);
      const firstCopy = addWeightsCopy(scope, workload, imageDigest);
      // Pods that wait for their weights would outlive the rollout's deadline.
      if (firstCopy !== undefined) service.node.addDependency(firstCopy);
      return {
        ...workload,
        ...scaling,
        // KServe owns what runs the pods, and how many there are.
        controller: service,
        service: ApiObject.of(address),
        autoscaler: service,
        podLabels: selectorLabels(workload),
        imageDigest,
        idle: scaled.idle,
        waysOut: ways,
        metrics: bundledMetrics,
        capacity: serverCapacity(workload, size, scaling),
      };
    },
  };
}

/** @throws ConstructError MANARA_SCALING for what the autoscaler that KServe makes cannot follow */
function refuseOtherAutoscaler({ path, autoscaling: { by, on = [] } }: EndpointSpec): void {
  const other = on.find(({ identity }) => identity.kind !== 'cpu');
  if (by === 'hpa' && other === undefined) return;
  const received = by === 'hpa' && other ? metricName(other) : `Autoscaling.${by}()`;
  throw new ConstructError(
    'MANARA_SCALING',
    path,
    `autoscaling: KServe makes the autoscaler, which follows CPU here; expected Autoscaling.hpa() on ScalingMetric.cpu(), received ${received}; fix: leave it out, or ServingEngine.onnx()`,
  );
}
