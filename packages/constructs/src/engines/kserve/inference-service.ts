import type { ServerConfig } from '@manara/contract';
import { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { restrictedPod } from '../../pods/restricted';
import { secretsOf } from '../../server/secret-file';
import type { Workload } from '../lowering';
import { terminationGraceSeconds } from '../onnx/server-config';
import type { ServerSize } from '../onnx/server-size';
import { identityLabels, readerAnnotations } from '../parts/bucket-access';
import { configFile, fetchParts } from '../parts/fetch-weights';
import { objectLabels } from '../parts/labels';
import { fileAnnotations } from '../parts/pod-files';
import { idleReplicas } from '../parts/replicas';
import { containerResources } from '../parts/resources';
import { spread } from '../parts/spread';
import type { InferenceServiceSpec, PredictorSpec } from './kserve-types';

export interface InferenceServiceProps {
  readonly size: ServerSize;
  readonly config: ServerConfig;
  readonly imageDigest: string | undefined;
}

/**
 * What KServe makes a Deployment, a Service and a HorizontalPodAutoscaler of, each `<endpoint>-predictor`.
 * Weights are brought by the bundled server's fetch mode, which checks their digests, and not by KServe's
 * storage initializer, which does not.
 */
export function addInferenceService(
  scope: Construct,
  workload: Workload,
  props: InferenceServiceProps,
): ApiObject {
  const { endpoint } = workload;
  const labels = { ...objectLabels(workload) };
  const spec: InferenceServiceSpec = { predictor: predictor(workload, props) };
  return new ApiObject(scope, 'inference-service', {
    apiVersion: 'serving.kserve.io/v1beta1',
    kind: 'InferenceService',
    metadata: {
      name: endpoint.name,
      // Whom the network policy lets in is the endpoint's to say: KServe makes no Ingress and no HTTPRoute.
      labels: { ...labels, 'networking.kserve.io/visibility': 'cluster-local' },
      annotations: {
        // Without Knative: a Deployment, which scales as the planner says and keeps its pods warm.
        'serving.kserve.io/deploymentMode': 'Standard',
        'serving.kserve.io/autoscalerClass': 'hpa',
      },
    },
    spec: json(spec),
  });
}

function predictor(
  workload: Workload,
  { size, config, imageDigest }: InferenceServiceProps,
): PredictorSpec {
  const { endpoint } = workload;
  const file = configFile(endpoint.path, config);
  const fetch = fetchParts(workload, {
    file,
    imageDigest,
    resources: containerResources(size),
    weightsBytes: size.weightsBytes,
  });
  return {
    minReplicas: idleReplicas(workload, size.minReplicas),
    maxReplicas: size.maxReplicas,
    scaleMetric: 'cpu',
    scaleTarget: size.targetCpuPercent,
    deploymentStrategy: {
      type: 'RollingUpdate',
      rollingUpdate: {
        maxSurge: k8s.IntOrString.fromNumber(1),
        maxUnavailable: k8s.IntOrString.fromNumber(0),
      },
    },
    labels: { ...objectLabels(workload), ...identityLabels(readerAnnotations(workload)) },
    annotations: fileAnnotations(endpoint.path, [file]),
    serviceAccountName: endpoint.name,
    automountServiceAccountToken: false,
    securityContext: restrictedPod,
    terminationGracePeriodSeconds: terminationGraceSeconds,
    topologySpreadConstraints: [...spread(workload)],
    initContainers: [fetch.initContainer],
    volumes: [
      ...fetch.volumes,
      ...secretsOf(endpoint.server).map((secretName, i) => ({
        name: `secret-${i + 1}`,
        secret: { secretName },
      })),
    ],
    model: { modelFormat: { name: 'onnx' }, runtime: endpoint.name, protocolVersion: 'v2' },
  };
}

/** As JSON has it: the parts that are a pod's in Kubernetes' own names. */
function json({ predictor }: InferenceServiceSpec): Readonly<Record<string, unknown>> {
  const {
    minReplicas,
    maxReplicas,
    scaleMetric,
    scaleTarget,
    deploymentStrategy,
    labels,
    annotations,
    model,
    ...pod
  } = predictor;
  return {
    predictor: {
      minReplicas,
      maxReplicas,
      scaleMetric,
      scaleTarget,
      deploymentStrategy: k8s.toJson_DeploymentStrategy(deploymentStrategy),
      labels,
      annotations,
      model,
      // A predictor has its containers from the runtime.
      ...without(k8s.toJson_PodSpec({ ...pod, containers: [] }), 'containers'),
    },
  };
}

function without(
  record: Readonly<Record<string, unknown>> | undefined,
  key: string,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(record ?? {}).filter(([name]) => name !== key));
}
