import { ApiObject } from 'cdk8s';
import { ServiceAccount } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { checkRoom } from '../../capacity/node-room';
import { addScaling } from '../../scaling/add-scaling';
import type { EngineLowering, Workload } from '../lowering';
import { readerAnnotations } from '../parts/bucket-access';
import { objectLabels, selectorLabels } from '../parts/labels';
import { addNetworkPolicy, waysOut } from '../parts/network-policy';
import { type OnnxEngineOptions, validateOptions } from './onnx-options';
import { describeServer } from './server-dossier';
import { serverConfig } from './server-config';
import { addDeployment } from './server-deployment';
import { bundledMetrics, serverCapacity, serverScaling } from './server-scaling';
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
    describe: describeServer,
    lower(scope, workload) {
      const { endpoint } = workload;
      const computed = serverSize(endpoint, options);
      checkRoom(endpoint.path, workload.nodes, {
        cpuMillis: computed.cpuRequestMillis,
        memoryBytes: computed.memoryBytes,
        gpus: 0,
      });
      const { deployment, service } = addDeployment(scope, {
        workload,
        size: computed,
        config: serverConfig(workload, computed),
        serviceAccount: addServiceAccount(scope, workload),
        imageDigest: options.imageDigest,
      });
      // The autoscaler owns their number.
      deployment.markHasAutoscaler();
      const controller = ApiObject.of(deployment);
      const scaled = serverScaling(workload, computed, options);
      const scaling = addScaling(scope, { ...scaled, controller });
      const ways = waysOut(workload);
      addNetworkPolicy(scope, workload, ways);
      const firstCopy = addWeightsCopy(scope, workload, options.imageDigest);
      // Pods that wait for their weights would outlive the rollout's deadline.
      if (firstCopy !== undefined) deployment.node.addDependency(firstCopy);
      return {
        ...workload,
        ...scaling,
        controller,
        service: ApiObject.of(service),
        podLabels: selectorLabels(workload),
        imageDigest: options.imageDigest,
        idle: scaled.idle,
        waysOut: ways,
        metrics: bundledMetrics,
        capacity: serverCapacity(workload, computed, scaling),
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
