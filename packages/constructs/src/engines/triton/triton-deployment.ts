import { container, drainTimes, engineEnvironment, ports } from '@manara/contract';
import type { Place } from '@manara/residency';
import type { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { unlessAbsent } from '../../absent';
import type { ImageName } from '../../image-name';
import { restrictedContainer, restrictedPod } from '../../pods/restricted';
import type { Workload } from '../lowering';
import { identityLabels, readerAnnotations } from '../parts/bucket-access';
import { fetchFile, fetchParts, fetchVolumes } from '../parts/fetch-weights';
import { placed, requestedGpus } from '../parts/gpus';
import { objectLabels, selectorLabels } from '../parts/labels';
import { addPlacedDeployment } from '../parts/placed-deployment';
import { fileAnnotations } from '../parts/pod-files';
import { probes } from '../parts/probes';
import { containerResources } from '../parts/resources';
import { spread } from '../parts/spread';
import type { ResolvedPipeline } from './resolve-pipeline';
import { adminVariable, tritonArguments } from './triton-arguments';
import { tritonFiles } from './triton-files';
import type { TritonEngineOptions } from './triton-options';
import type { TritonPlan } from './triton-plan';

export interface TritonDeploymentProps {
  readonly workload: Workload;
  readonly plan: TritonPlan;
  readonly pipelines: readonly ResolvedPipeline[];
  readonly options: TritonEngineOptions<Place>;
}

/**
 * The container release that the defaults were written for. Source: triton-inference-server/server,
 * README.md: "the current release is version 2.71.0 and corresponds to the 26.07 container release";
 * read 2026-11.
 */
export const tritonImage: ImageName = { name: 'tritonserver', tag: '26.07-py3' };

export function addTritonDeployment(
  scope: Construct,
  { workload, plan, pipelines, options }: TritonDeploymentProps,
): ApiObject {
  const { endpoint } = workload;
  const labels = objectLabels(workload);
  const repository = tritonFiles(plan, pipelines);
  const brought = fetchFile(
    workload,
    plan.models.map(({ model: { name, versions } }) => ({
      name,
      versions,
      defaultVersion: versions.at(-1)?.number ?? 1,
    })),
  );
  const fetch = fetchParts(workload, {
    file: brought,
    imageDigest: options.fetchImageDigest,
    // It needs no GPU, and a pod is charged for the larger of both.
    resources: containerResources(plan),
    weightsBytes: plan.weightsBytes,
  });
  const request = options.gpus && requestedGpus(scope, workload, options.gpus);
  const mesh = workload.site.mesh?.lowering.podMetadata(workload.site);
  const deployment: k8s.KubeDeploymentProps = {
    metadata: { name: endpoint.name, labels: { ...labels } },
    spec: {
      progressDeadlineSeconds: plan.startupSeconds * 2 + 300,
      // A new pod is ready before an old one goes; where GPUs are few, that takes a free one.
      strategy: {
        type: 'RollingUpdate',
        rollingUpdate: {
          maxSurge: k8s.IntOrString.fromNumber(1),
          maxUnavailable: k8s.IntOrString.fromNumber(0),
        },
      },
      selector: { matchLabels: { ...selectorLabels(workload) } },
      template: {
        metadata: {
          labels: { ...labels, ...identityLabels(readerAnnotations(workload)), ...mesh?.labels },
          annotations: {
            ...fileAnnotations(endpoint.path, [brought, ...repository.files]),
            ...mesh?.annotations,
          },
        },
        spec: {
          serviceAccountName: endpoint.name,
          automountServiceAccountToken: false,
          securityContext: restrictedPod,
          terminationGracePeriodSeconds: drainTimes.delaySeconds + drainTimes.timeoutSeconds + 10,
          topologySpreadConstraints: [...spread(workload)],
          initContainers: [fetch.initContainer],
          containers: [
            {
              name: container.server,
              image: tritonImageOf(workload, options),
              imagePullPolicy: 'IfNotPresent',
              command: ['tritonserver'],
              args: [...tritonArguments(workload, plan, options)],
              env: [
                ...Object.entries(engineEnvironment).map(([name, value]) => ({ name, value })),
                { name: adminVariable, valueFrom: { fieldRef: { fieldPath: 'metadata.uid' } } },
              ],
              ports: containerPorts(workload),
              ...probes(plan.startupSeconds),
              // Triton closes its ports at once; until then load balancers look away.
              lifecycle: {
                preStop: { exec: { command: ['sleep', String(drainTimes.delaySeconds)] } },
              },
              resources: containerResources(plan, request?.container),
              securityContext: restrictedContainer,
              volumeMounts: [
                { name: fetchVolumes.temporary, mountPath: container.temporary },
                ...repository.mounts,
              ],
            },
          ],
          volumes: [...fetch.volumes, ...repository.volumes],
        },
      },
    },
  };
  return addPlacedDeployment(scope, deployment, placed(workload, options.gpus, request));
}

/** Ports of the server that the site lets somebody reach. */
export function openPorts({ site }: Workload): Readonly<Record<string, number>> {
  const { http, grpc, metrics } = ports;
  return unlessAbsent(site.metrics) === undefined ? { http, grpc } : { http, grpc, metrics };
}

function containerPorts(workload: Workload): k8s.ContainerPort[] {
  return Object.entries(openPorts(workload)).map(([name, containerPort]) => ({
    name,
    containerPort,
  }));
}

/** Image of the pods. */
export function tritonImageOf(
  { site }: Workload,
  { image = tritonImage }: Pick<TritonEngineOptions<Place>, 'image'>,
): string {
  return site.images.image(image.name, image.tag, image.digest);
}
