import { configAnnotation, configFileName, type ServerConfig } from '@manara/contract';
import type { ScalingPlan } from '@manara/planner';
import { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { restrictedPod } from '../../pods/restricted';
import { placementOn } from '../../capacity/placement';
import { replicaFloor } from '../../scaling/replica-floor';
import { secretsOf } from '../../server/secret-file';
import type { Workload } from '../lowering';
import { configAnnotations } from '../onnx/pod-config';
import { terminationGraceSeconds } from '../onnx/server-config';
import type { ServerSize } from '../onnx/server-size';
import { identityLabels, readerAnnotations } from '../parts/bucket-access';
import { fetchParts } from '../parts/fetch-weights';
import { objectLabels } from '../parts/labels';
import { containerResources } from '../parts/resources';
import { spread } from '../parts/spread';
import { tracesAuthority } from '../parts/trust';
import type { InferenceServiceSpec, PredictorSpec } from './kserve-types';

export interface InferenceServiceProps {
  readonly size: ServerSize;
  readonly plan: ScalingPlan;
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
    spec: json(spec, placementOn(workload.nodes) ?? {}),
  });
}

function predictor(
  workload: Workload,
  { size, plan, config, imageDigest }: InferenceServiceProps,
): PredictorSpec {
  const { endpoint, site } = workload;
  const mesh = site.mesh?.lowering.podMetadata(site);
  const authority = tracesAuthority(site);
  const { priorityClass } = endpoint.autoscaling;
  const fetch = fetchParts(workload, {
    file: { annotation: configAnnotation, name: configFileName },
    imageDigest,
    resources: containerResources(size),
    weightsBytes: size.weightsBytes,
  });
  return {
    minReplicas: replicaFloor(workload, plan),
    maxReplicas: plan.maxReplicas,
    scaleMetric: 'cpu',
    scaleTarget: plan.target.cpuPercent ?? plan.target.busyPercent,
    deploymentStrategy: {
      type: 'RollingUpdate',
      rollingUpdate: {
        maxSurge: k8s.IntOrString.fromNumber(1),
        maxUnavailable: k8s.IntOrString.fromNumber(0),
      },
    },
    labels: {
      ...objectLabels(workload),
      ...identityLabels(readerAnnotations(workload)),
      ...mesh?.labels,
    },
    annotations: { ...configAnnotations(endpoint.path, config), ...mesh?.annotations },
    ...(priorityClass === undefined ? {} : { priorityClassName: priorityClass }),
    serviceAccountName: endpoint.name,
    automountServiceAccountToken: false,
    securityContext: restrictedPod,
    terminationGracePeriodSeconds: terminationGraceSeconds,
    topologySpreadConstraints: [...spread(workload)],
    initContainers: [fetch.initContainer],
    volumes: [
      ...fetch.volumes,
      ...(authority === undefined ? [] : [authority.volume]),
      ...secretsOf(endpoint.server).map((secretName, i) => ({
        name: `secret-${i + 1}`,
        secret: { secretName },
      })),
    ],
    model: { modelFormat: { name: 'onnx' }, runtime: endpoint.name, protocolVersion: 'v2' },
  };
}

/** As JSON has it: the parts that are a pod's in Kubernetes' own names. */
function json(
  { predictor }: InferenceServiceSpec,
  placement: object,
): Readonly<Record<string, unknown>> {
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
      ...placement,
    },
  };
}

function without(
  record: Readonly<Record<string, unknown>> | undefined,
  key: string,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(record ?? {}).filter(([name]) => name !== key));
}
