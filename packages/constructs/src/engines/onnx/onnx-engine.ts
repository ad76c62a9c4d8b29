import { createHash } from 'node:crypto';
import { configMapKey } from '@manara/contract';
import { ApiObject, type Duration, type Size } from 'cdk8s';
import { ConfigMap, ServiceAccount } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { ConstructError } from '../../construct-error';
import { derive, hasLate } from '../../late';
import { duration, size } from '../../kinds';
import { checkProps, optional, text } from '../../props';
import type { EngineLowering, Workload } from '../lowering';
import { objectLabels, selectorLabels } from './labels';
import { addNetworkPolicy } from './network-policy';
import { addScaling } from './scaling';
import { serverConfig } from './server-config';
import { addDeployment } from './server-deployment';
import { serverSize } from './server-size';

export interface OnnxEngineOptions {
  /**
   * Digest of the server's image, `sha256:…`, in the site's registry. May be late.
   * @default - the tag of this package's version
   */
  readonly imageDigest?: string;
  /**
   * Measured time of one inference on one thread.
   * @default - estimated from the size of the largest version
   */
  readonly serviceTime?: Duration;
  /**
   * Largest request body; a larger one is answered with 413.
   * @default Size.mebibytes(16)
   */
  readonly maxRequestSize?: Size;
}

/**
 * Lowers an endpoint to the bundled ONNX model server.
 *
 * @throws ConstructError MANARA_ENGINE for a digest that is none
 */
export function onnxEngine(options: OnnxEngineOptions): EngineLowering {
  checkProps('ServingEngine.onnx', options, {
    imageDigest: optional(text),
    serviceTime: optional(duration),
    maxRequestSize: optional(size),
  });
  validateDigest(options.imageDigest);
  return {
    kind: 'onnx',
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
      return {
        ...workload,
        controller: ApiObject.of(deployment),
        service: ApiObject.of(service),
        autoscaler: ApiObject.of(autoscaler),
        podLabels: selectorLabels(workload),
      };
    },
  };
}

function validateDigest(digest: string | undefined): void {
  if (digest === undefined || hasLate(digest) || /^sha256:[0-9a-f]{64}$/.test(digest)) return;
  throw new ConstructError(
    'MANARA_ENGINE',
    'ServingEngine.onnx',
    `imageDigest: expected sha256: and 64 lower-case hexadecimal digits; received "${digest}"`,
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** An identity of its own, with no token: nothing in the pod talks to the API server. */
function addServiceAccount(scope: Construct, workload: Workload): ServiceAccount {
  const { endpoint, site } = workload;
  const annotations = Object.assign(
    {},
    ...endpoint.versions.map((v) => v.artifact.bucketFor(site.place).readerAnnotations),
  ) as Record<string, string>;
  return new ServiceAccount(scope, 'service-account', {
    metadata: { name: endpoint.name, labels: objectLabels(workload), annotations },
    automountToken: false,
  });
}
