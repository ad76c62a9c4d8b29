import { ApiObject } from 'cdk8s';
import { ServiceAccount } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { EngineLowering, Workload } from '../lowering';
import { readerAnnotations } from './bucket-access';
import { objectLabels, selectorLabels } from './labels';
import { addNetworkPolicy } from './network-policy';
import { type OnnxEngineOptions, validateOptions } from './onnx-options';
import { addScaling, growthFactor, idleReplicas } from './scaling';
import { describeServer } from './server-dossier';
import { serverConfig } from './server-config';
import { addDeployment } from './server-deployment';
import { serverSize } from './server-size';
import { addWeightsCopy } from './weights-copy';

/**
 * Lowers an endpoint to the bundled ONNX model server.
 *
 * @throws ConstructError MANARA_ENGINE for an option that is malformed or out of range
 */
export function onnxEngine(options: OnnxEngineOptions): EngineLowering {
  validateOptions(options);
  return {
    kind: 'onnx',
    describe: describeServer,
    lower(scope, workload) {
      const computed = serverSize(workload.endpoint, options);
      const { deployment, service } = addDeployment(scope, {
        workload,
        size: computed,
        config: serverConfig(workload, computed),
        serviceAccount: addServiceAccount(scope, workload),
        imageDigest: options.imageDigest,
      });
      const autoscaler = addScaling(scope, workload, computed, deployment);
      addNetworkPolicy(scope, workload);
      const firstCopy = addWeightsCopy(scope, workload, options.imageDigest);
      // Pods that wait for their weights would outlive the rollout's deadline.
      if (firstCopy !== undefined) deployment.node.addDependency(firstCopy);
      return {
        ...workload,
        controller: ApiObject.of(deployment),
        service: ApiObject.of(service),
        autoscaler: ApiObject.of(autoscaler),
        podLabels: selectorLabels(workload),
        imageDigest: options.imageDigest,
        capacity: {
          idleReplicas: idleReplicas(workload, computed),
          peakReplicas: computed.peakReplicas,
          startupSeconds: computed.startupSeconds,
          growthFactor: growthFactor(computed),
        },
      };
    },
  };
}

/** An identity of its own, with no token: nothing in the pod talks to the API server. */
function addServiceAccount(scope: Construct, workload: Workload): ServiceAccount {
  return new ServiceAccount(scope, 'service-account', {
    metadata: {
      name: workload.endpoint.name,
      labels: objectLabels(workload),
      annotations: { ...readerAnnotations(workload) },
    },
    automountToken: false,
  });
}
