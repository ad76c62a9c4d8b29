import { createHash } from 'node:crypto';
import { configMapKey } from '@manara/contract';
import { ApiObject } from 'cdk8s';
import { ConfigMap, ServiceAccount } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { derive } from '../../late/late';
import type { EngineLowering, Workload } from '../lowering';
import { readerAnnotations } from '../parts/bucket-access';
import { objectLabels, selectorLabels } from '../parts/labels';
import { addNetworkPolicy } from '../parts/network-policy';
import { type OnnxEngineOptions, validateOptions } from './onnx-options';
import { addScaling, growthFactor, idleReplicas } from './scaling';
import { serverConfig } from './server-config';
import { addDeployment } from './server-deployment';
import { serverSize } from './server-size';
import { addWeightsCopy } from '../parts/weights-copy';

/**
 * Lowers an endpoint to the bundled ONNX model server.
 *
 * @throws ConstructError MANARA_ENGINE for an option that is malformed or out of range
 */
export function onnxEngine(options: OnnxEngineOptions): EngineLowering<never> {
  validateOptions(options);
  return {
    kind: 'onnx',
    formats: ['onnx'],
    lower(scope, workload) {
      const { endpoint } = workload;
      const labels = objectLabels(workload);
      const computed = serverSize(endpoint, options);
      const text = `${JSON.stringify(serverConfig(workload, computed), null, 2)}\n`;
      const config = new ConfigMap(scope, 'config', {
        metadata: { name: `${endpoint.name}-config`, labels },
        data: { [configMapKey]: text },
      });
      const { deployment, service } = addDeployment(scope, {
        workload,
        size: computed,
        config,
        configDigest: derive(`${endpoint.name}-config-digest`, text, sha256),
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

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
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
