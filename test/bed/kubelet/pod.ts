import type { StoredObject } from '../api-server';

export type Labels = Readonly<Record<string, string>>;

/** The part of a Pod that the bed's kubelet reads. */
export interface Pod extends StoredObject {
  readonly metadata: StoredObject['metadata'] & {
    readonly namespace: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
    readonly deletionGracePeriodSeconds?: number;
  };
  readonly spec: PodSpec;
  readonly status?: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

interface PodSpec {
  readonly nodeName?: string;
  readonly restartPolicy: 'Always' | 'OnFailure' | 'Never';
  readonly terminationGracePeriodSeconds?: number;
  readonly serviceAccountName?: string;
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Volume[];
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  readonly restartPolicy?: 'Always';
  readonly volumeMounts?: readonly VolumeMount[];
  readonly startupProbe?: ProbeSpec;
  readonly readinessProbe?: ProbeSpec;
  readonly livenessProbe?: ProbeSpec;
  readonly lifecycle?: { readonly preStop?: { readonly sleep?: { readonly seconds: number } } };
}

export interface VolumeMount {
  readonly name: string;
  readonly mountPath: string;
}

export interface Volume {
  readonly name: string;
  readonly configMap?: { readonly name: string; readonly items?: readonly KeyToPath[] };
  readonly secret?: { readonly secretName: string; readonly items?: readonly KeyToPath[] };
  readonly downwardAPI?: {
    readonly items?: readonly {
      readonly path: string;
      /** `metadata.name`, `metadata.annotations['manara.dev/config']` */
      readonly fieldRef?: { readonly fieldPath: string };
    }[];
  };
}

interface KeyToPath {
  readonly key: string;
  readonly path: string;
}

export interface ProbeSpec {
  readonly httpGet?: {
    readonly path?: string;
    readonly port: number | string;
    readonly scheme?: 'HTTP' | 'HTTPS';
  };
  readonly tcpSocket?: { readonly port: number | string };
  readonly initialDelaySeconds?: number;
  readonly timeoutSeconds?: number;
  readonly periodSeconds?: number;
  readonly successThreshold?: number;
  readonly failureThreshold?: number;
}

/** Whether a pod takes requests: ready, and not about to end. */
export function isReady({ metadata, status }: Pod): boolean {
  return (
    metadata.deletionTimestamp === undefined &&
    status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') === true
  );
}

/** Whether an object has all of these labels. */
export function hasLabels({ metadata }: Pod, labels: Labels): boolean {
  return Object.entries(labels).every(([key, value]) => metadata.labels?.[key] === value);
}

/** The number of a container's port, which may be given by its name. */
export function portNumber({ ports = [] }: Container, port: number | string): number {
  if (typeof port === 'number') return port;
  const named = ports.find(({ name }) => name === port);
  if (named === undefined) throw new Error(`no port of the container is named "${port}"`);
  return named.containerPort;
}

/** `echo` of `registry.example:5000/tests/echo:2@sha256:…`: what stands for the program. */
export function imageName(image: string): string {
  return /([^/:@]+)(:[^/@]+)?(@[^/]+)?$/.exec(image)?.[1] ?? image;
}

/** `2` of `registry.example:5000/tests/echo:2@sha256:…`. @default "latest" */
export function imageTag(image: string): string {
  const [withoutDigest = ''] = image.split('@');
  return /:([^/:]+)$/.exec(withoutDigest)?.[1] ?? 'latest';
}

/** Variables of a container's environment that stand in the pod itself. */
export function literalEnvironment({ env = [] }: Container): Readonly<Record<string, string>> {
  return Object.fromEntries(
    env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])),
  );
}
