import { ports } from '@manara/contract';
import type { EngineLowering } from '../lowering';
import { type OnnxEngineOptions, validateOptions } from '../onnx/onnx-options';
import { growthFactor } from '../onnx/scaling';
import { serverConfig } from '../onnx/server-config';
import { serverSize } from '../onnx/server-size';
import { addService, addServiceAccount } from '../parts/identity';
import { selectorLabels } from '../parts/labels';
import { addNetworkPolicy } from '../parts/network-policy';
import { addDisruptionBudget, idleReplicas } from '../parts/replicas';
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
      const size = serverSize(workload.endpoint, options);
      const { imageDigest } = options;
      addServiceAccount(scope, workload);
      const runtime = addServingRuntime(scope, workload, { size, imageDigest });
      const service = addInferenceService(scope, workload, {
        size,
        config: serverConfig(workload, size),
        imageDigest,
      });
      // KServe refuses a service whose runtime is not there yet, and looks again much later.
      service.node.addDependency(runtime);
      const address = addService(scope, workload, ports);
      addDisruptionBudget(scope, workload);
      addNetworkPolicy(scope, workload);
      const firstCopy = addWeightsCopy(scope, workload, imageDigest);
      // Pods that wait for their weights would outlive the rollout's deadline.
      if (firstCopy !== undefined) service.node.addDependency(firstCopy);
      return {
        ...workload,
        // KServe owns what runs the pods, and how many there are.
        controller: service,
        service: address,
        autoscaler: service,
        podLabels: selectorLabels(workload),
        imageDigest,
        capacity: {
          idleReplicas: idleReplicas(workload, size.minReplicas),
          peakReplicas: size.peakReplicas,
          startupSeconds: size.startupSeconds,
          growthFactor: growthFactor(size),
        },
      };
    },
  };
}
