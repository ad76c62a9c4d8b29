import {
  container,
  engineEnvironment,
  fetchCommand,
  flags,
  path,
  ports,
  routes,
  type ServerConfig,
} from '@manara/contract';
import { ApiObject, Duration, JsonPatch, Size } from 'cdk8s';
import {
  Capability,
  type ContainerProps,
  type ContainerResources,
  type ContainerSecurityContextProps,
  Cpu,
  Deployment,
  DeploymentStrategy,
  EnvValue,
  ImagePullPolicy,
  LabelSelector,
  PercentOrAbsolute,
  Probe,
  SeccompProfileType,
  Secret,
  Service,
  type ServiceAccount,
  Volume,
  type VolumeMount,
} from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { placementPatches } from '../../capacity/placement';
import { secretsOf } from '../../server/secret-file';
import type { Workload } from '../lowering';
import {
  bucketsOf,
  fetchEnvironment,
  hostArguments,
  identityLabels,
  loginFolder,
  loginSecret,
  readerAnnotations,
} from '../parts/bucket-access';
import { objectLabels, selectorLabels } from '../parts/labels';
import { configAnnotations, configMounts } from './pod-config';
import { terminationGraceSeconds } from './server-config';
import { spread } from '../parts/spread';
import type { ServerSize } from './server-size';
import { tracesAuthority, trustEnvironment } from '../parts/trust';
import { claimMounts } from '../parts/weights';

export interface ServerDeploymentProps {
  readonly workload: Workload;
  readonly size: ServerSize;
  readonly config: ServerConfig;
  readonly serviceAccount: ServiceAccount;
  readonly imageDigest: string | undefined;
}

const mebibyte = 1024 * 1024;
const temporaryMebibytes = 64;
const probePeriodSeconds = 5;
/**
 * Kubernetes' own 1 s is less than a throttled container may be held: at its limit CPU comes in
 * slices of 100 ms, and a reply of some megabytes keeps the I/O thread for seconds.
 */
const probeTimeout = Duration.seconds(5);

/** The server's Deployment, and the Service in front of it. */
export function addDeployment(
  scope: Construct,
  props: ServerDeploymentProps,
): { readonly deployment: Deployment; readonly service: Service } {
  const { workload, size } = props;
  const { endpoint } = workload;
  const labels = objectLabels(workload);
  const volumes = serverVolumes(scope, props);
  const mesh = workload.site.mesh?.lowering.podMetadata(workload.site);
  const deployment = new Deployment(scope, 'deployment', {
    metadata: { name: endpoint.name, labels },
    podMetadata: {
      labels: { ...labels, ...identityLabels(readerAnnotations(workload)), ...mesh?.labels },
      annotations: { ...configAnnotations(endpoint.path, props.config), ...mesh?.annotations },
    },
    select: false,
    serviceAccount: props.serviceAccount,
    automountServiceAccountToken: false,
    securityContext: { user: container.uid, group: container.uid, fsGroup: container.uid },
    terminationGracePeriod: Duration.seconds(terminationGraceSeconds),
    progressDeadline: Duration.seconds(size.startupSeconds * 2 + 300),
    // A new pod is ready before an old one goes.
    strategy: DeploymentStrategy.rollingUpdate({
      maxSurge: PercentOrAbsolute.absolute(1),
      maxUnavailable: PercentOrAbsolute.absolute(0),
    }),
    initContainers: [fetchContainer(scope, props, volumes)],
    containers: [serverContainer(scope, props, volumes)],
  });
  deployment.select(LabelSelector.of({ labels: { ...selectorLabels(workload) } }));
  // cdk8s-plus spreads by anti-affinity only, which a cluster with fewer zones than pods cannot meet.
  ApiObject.of(deployment).addJsonPatch(
    JsonPatch.add('/spec/template/spec/topologySpreadConstraints', spread(workload)),
    ...configMounts,
    ...authorityPatches(workload),
    ...placementPatches(workload.nodes),
  );
  return { deployment, service: addService(scope, workload) };
}

function authorityPatches({ site }: Workload): readonly JsonPatch[] {
  const authority = tracesAuthority(site);
  return authority === undefined
    ? []
    : [
        JsonPatch.add('/spec/template/spec/volumes/-', authority.volume),
        JsonPatch.add('/spec/template/spec/containers/0/volumeMounts/-', authority.mount),
      ];
}

interface ServerVolumes {
  readonly models: Volume;
  readonly temporary: Volume;
}

function serverVolumes(scope: Construct, { size }: ServerDeploymentProps): ServerVolumes {
  return {
    models: Volume.fromEmptyDir(scope, 'models-volume', 'models', {
      sizeLimit: Size.mebibytes(weightsMebibytes(size)),
    }),
    temporary: Volume.fromEmptyDir(scope, 'temporary-volume', 'temporary', {
      sizeLimit: Size.mebibytes(temporaryMebibytes),
    }),
  };
}

/** Twice the weights: a version that is replaced lies beside the new one until that is verified. */
function weightsMebibytes(size: ServerSize): number {
  return Math.ceil((size.weightsBytes * 2) / mebibyte) + 16;
}

function serverContainer(
  scope: Construct,
  { workload, size, imageDigest }: ServerDeploymentProps,
  volumes: ServerVolumes,
): ContainerProps {
  const http = { port: ports.http };
  return {
    name: container.server,
    image: serverImage(workload, imageDigest),
    imagePullPolicy: ImagePullPolicy.IF_NOT_PRESENT,
    args: [flags.config, container.configFile],
    // The server sets it as well; here it can be read and held to by admission policies.
    envVariables: Object.fromEntries(
      Object.entries({ ...engineEnvironment, ...trustEnvironment(workload) }).map(
        ([name, value]) => [name, EnvValue.fromValue(value)],
      ),
    ),
    ports: [
      { name: 'http', number: ports.http },
      { name: 'grpc', number: ports.grpc },
      { name: 'metrics', number: ports.metrics },
    ],
    startup: Probe.fromHttpGet(path(routes.serverReady), {
      ...http,
      periodSeconds: Duration.seconds(probePeriodSeconds),
      timeoutSeconds: probeTimeout,
      failureThreshold: Math.ceil(size.startupSeconds / probePeriodSeconds),
    }),
    readiness: Probe.fromHttpGet(path(routes.serverReady), {
      ...http,
      periodSeconds: Duration.seconds(probePeriodSeconds),
      timeoutSeconds: probeTimeout,
      failureThreshold: 2,
    }),
    liveness: Probe.fromHttpGet(path(routes.serverLive), {
      ...http,
      periodSeconds: Duration.seconds(10),
      timeoutSeconds: probeTimeout,
      failureThreshold: 3,
    }),
    resources: resources(size),
    securityContext: restricted,
    volumeMounts: [
      { path: container.temporary, volume: volumes.temporary },
      { path: container.modelRepository, volume: volumes.models, readOnly: true },
      ...secretMounts(scope, workload),
    ],
  };
}

/** Brings the weights and checks their digests before the server starts. */
function fetchContainer(
  scope: Construct,
  { workload, size, imageDigest }: ServerDeploymentProps,
  volumes: ServerVolumes,
): ContainerProps {
  return {
    name: container.fetch,
    image: serverImage(workload, imageDigest),
    imagePullPolicy: ImagePullPolicy.IF_NOT_PRESENT,
    args: [
      fetchCommand,
      flags.config,
      container.configFile,
      flags.modelRepository,
      container.modelRepository,
      ...hostArguments(bucketsOf(workload)),
    ],
    envVariables: Object.fromEntries(
      Object.entries(fetchEnvironment(workload)).map(([name, value]) => [
        name,
        EnvValue.fromValue(value),
      ]),
    ),
    // The pod is charged for the larger of this and the server, so the same costs nothing.
    resources: resources(size),
    securityContext: restricted,
    volumeMounts: [
      { path: container.temporary, volume: volumes.temporary },
      { path: container.modelRepository, volume: volumes.models },
      ...claimMounts(scope, workload),
      ...loginMounts(scope, workload),
    ],
  };
}

/** The login as Docker's own configuration file, which the fetch mode reads. */
function loginMounts(scope: Construct, workload: Workload): readonly VolumeMount[] {
  const name = loginSecret(workload);
  if (name === undefined) return [];
  const secret = Secret.fromSecretName(scope, 'login', name);
  const items = { '.dockerconfigjson': { path: 'config.json' } };
  const volume = Volume.fromSecret(scope, 'login-volume', secret, { name: 'login', items });
  return [{ path: loginFolder, readOnly: true, volume }];
}

/** Each Secret that the configuration's files lie in. A volume's name is shorter than a Secret's may be. */
function secretMounts(scope: Construct, { endpoint }: Workload): readonly VolumeMount[] {
  return secretsOf(endpoint.server).map((name, i) => {
    const secret = Secret.fromSecretName(scope, `secret-${name}`, name);
    const options = { name: `secret-${i + 1}` };
    const volume = Volume.fromSecret(scope, `secret-volume-${name}`, secret, options);
    return { path: `${container.secretsFolder}/${name}`, readOnly: true, volume };
  });
}

function serverImage({ site }: Workload, digest: string | undefined): string {
  return site.images.image(container.image, container.tag, digest);
}

function resources(size: ServerSize): ContainerResources {
  const memory = Size.mebibytes(Math.ceil(size.memoryBytes / mebibyte));
  // In whole gibibytes, the only unit that cdk8s-plus writes here.
  const disk = Size.gibibytes(Math.ceil((weightsMebibytes(size) + temporaryMebibytes + 64) / 1024));
  return {
    cpu: { request: Cpu.millis(size.cpuRequestMillis), limit: Cpu.millis(size.cpuLimitMillis) },
    // Memory that is not guaranteed is memory that a neighbour's burst takes away.
    memory: { request: memory, limit: memory },
    ephemeralStorage: { request: disk, limit: disk },
  };
}

/** What Pod Security "restricted" asks for, and a read-only root. */
const restricted: ContainerSecurityContextProps = {
  user: container.uid,
  group: container.uid,
  ensureNonRoot: true,
  readOnlyRootFilesystem: true,
  allowPrivilegeEscalation: false,
  capabilities: { drop: [Capability.ALL] },
  seccompProfile: { type: SeccompProfileType.RUNTIME_DEFAULT },
};

function addService(scope: Construct, workload: Workload): Service {
  const service = new Service(scope, 'service', {
    metadata: { name: workload.endpoint.name, labels: objectLabels(workload) },
    ports: [
      { name: 'http', port: ports.http },
      { name: 'grpc', port: ports.grpc },
      { name: 'metrics', port: ports.metrics },
    ],
  });
  for (const [label, value] of Object.entries(selectorLabels(workload))) {
    service.selectLabel(label, value);
  }
  // A mesh knows the protocol of the others by their names.
  if (workload.site.mesh !== undefined) {
    ApiObject.of(service).addJsonPatch(JsonPatch.add('/spec/ports/2/appProtocol', 'http'));
  }
  return service;
}
