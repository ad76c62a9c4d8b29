import { container, engineEnvironment, flags, ports } from '@manara/contract';
import { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { restrictedContainer } from '../../pods/restricted';
import { secretsOf } from '../../server/secret-file';
import type { Workload } from '../lowering';
import type { ServerSize } from '../onnx/server-size';
import { fetchVolumes } from '../parts/fetch-weights';
import { objectLabels } from '../parts/labels';
import { probes } from '../parts/probes';
import { containerResources } from '../parts/resources';
import { tracesAuthority, trustEnvironment } from '../parts/trust';
import type { ServingRuntimeSpec } from './kserve-types';

/** KServe's own name of the container with the server: only that one gets what an InferenceService says. */
const containerName = 'kserve-container';

/**
 * The bundled server as a runtime of KServe: one for each endpoint, so that no other's pods are replaced when
 * this one's threads or memory change.
 */
export function addServingRuntime(
  scope: Construct,
  workload: Workload,
  { size, imageDigest }: { readonly size: ServerSize; readonly imageDigest: string | undefined },
): ApiObject {
  const { endpoint, site } = workload;
  const authority = tracesAuthority(site);
  const spec: ServingRuntimeSpec = {
    // Taken where it is named, and for nobody else's models.
    supportedModelFormats: [{ name: 'onnx', version: '1', autoSelect: false }],
    protocolVersions: ['v2', 'grpc-v2'],
    multiModel: false,
    containers: [
      {
        name: containerName,
        image: site.images.image(container.image, container.tag, imageDigest),
        imagePullPolicy: 'IfNotPresent',
        args: [flags.config, container.configFile],
        env: variables(workload),
        ports: [
          // KServe's Service has the first one at port 80, too.
          { name: 'http', containerPort: ports.http },
          { name: 'grpc', containerPort: ports.grpc },
          { name: 'metrics', containerPort: ports.metrics },
        ],
        ...probes(size.startupSeconds),
        resources: containerResources(size),
        securityContext: restrictedContainer,
        volumeMounts: [
          { name: fetchVolumes.config, mountPath: container.configFolder, readOnly: true },
          { name: fetchVolumes.temporary, mountPath: container.temporary },
          { name: fetchVolumes.weights, mountPath: container.modelRepository, readOnly: true },
          ...(authority === undefined ? [] : [authority.mount]),
          ...secretsOf(endpoint.server).map((secret, i) => ({
            name: `secret-${i + 1}`,
            mountPath: `${container.secretsFolder}/${secret}`,
            readOnly: true,
          })),
        ],
      },
    ],
  };
  return new ApiObject(scope, 'runtime', {
    apiVersion: 'serving.kserve.io/v1alpha1',
    kind: 'ServingRuntime',
    metadata: { name: endpoint.name, labels: { ...objectLabels(workload) } },
    spec: runtimeJson(spec),
  });
}

/** As JSON has it: containers in Kubernetes' own names. */
function runtimeJson(spec: ServingRuntimeSpec): Readonly<Record<string, unknown>> {
  return { ...spec, containers: spec.containers.map((one): unknown => k8s.toJson_Container(one)) };
}

function variables(workload: Workload): k8s.EnvVar[] {
  const all = { ...engineEnvironment, ...trustEnvironment(workload) };
  return Object.entries(all).map(([name, value]) => ({ name, value }));
}
