import { container, drainTimes } from '@manara/contract';
import { k8s } from 'cdk8s-plus-28';
import type { GpuRequest } from '../../capacity/placement';
import type { ImageName } from '../../image-name';
import { restrictedContainer, restrictedPod } from '../../pods/restricted';
import type { Workload } from '../lowering';
import { probes } from '../parts/probes';
import { containerResources } from '../parts/resources';
import { claimOf, claimsFolder, folderOn } from '../parts/weights';
import type { VllmEngineOptions } from './vllm-options';
import type { VllmPlan } from './vllm-plan';

/** Port of the OpenAI-compatible server, which has `/health` and `/metrics` too. Source: vLLM, `vllm serve`; read 2026-11. */
export const vllmPort = 8000;

/** A release whose flags these are; public deployments name it. Read 2026-11. */
export const vllmImage: ImageName = { name: 'vllm-openai', tag: 'v0.28.0' };

/** Which pods of a replica: the one that answers, those that only compute, or the only one. */
export type Rank = 'leader' | 'worker' | 'only';

/** A home that can be written to: caches of kernels are below it. */
const home = '/home/vllm';

/**
 * vLLM tells nobody that it runs, and asks no hub for anything. Sources: vLLM, "Usage Stats Collection" and
 * "Security"; huggingface_hub, "Environment variables"; read 2026-11.
 */
const closed = {
  VLLM_NO_USAGE_STATS: '1',
  DO_NOT_TRACK: '1',
  HF_HUB_OFFLINE: '1',
  HF_HUB_DISABLE_TELEMETRY: '1',
  TRANSFORMERS_OFFLINE: '1',
  VLLM_MEDIA_URL_ALLOW_REDIRECTS: '0',
} as const;

/** PyTorch asks for the user's name, and the image has none for this one. */
const writable = { HOME: home, USER: 'vllm' } as const;

export interface VllmPodProps {
  readonly plan: VllmPlan;
  readonly options: VllmEngineOptions;
  readonly rank: Rank;
  /** How it asks for its GPUs. */
  readonly request: GpuRequest;
}

/** The spec of a pod of a replica, without where it may run. */
export function vllmPod(
  workload: Workload,
  { plan, options, rank, request }: VllmPodProps,
): k8s.PodSpec {
  const { endpoint } = workload;
  const weights = weightsOf(workload);
  const common = {
    image: vllmImageOf(workload, options),
    imagePullPolicy: 'IfNotPresent',
    securityContext: restrictedContainer,
  };
  const weightsMount = {
    name: 'weights',
    mountPath: `${claimsFolder}/${weights.claim}`,
    readOnly: true,
  };
  return {
    serviceAccountName: endpoint.name,
    automountServiceAccountToken: false,
    securityContext: restrictedPod,
    terminationGracePeriodSeconds:
      drainTimes.delaySeconds + Math.max(drainTimes.timeoutSeconds, answerSeconds(workload)) + 10,
    initContainers: [
      {
        ...common,
        name: 'check-weights',
        command: ['sh', '-ec', checkScript],
        args: ['check', weights.folder, weights.sha256],
        resources: containerResources(plan),
        volumeMounts: [weightsMount],
      },
    ],
    containers: [
      {
        ...common,
        name: container.server,
        // Its `serve` leaves the API out where a pod only computes; the image's own entry does not.
        command: ['vllm', 'serve'],
        args: [...vllmArguments(workload, plan, options, rank)],
        env: [
          ...Object.entries({ ...closed, ...writable }).map(([name, value]) => ({ name, value })),
          { name: 'VLLM_HOST_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
        ],
        ...(rank === 'worker' ? {} : answering(plan)),
        resources: containerResources(plan, request.container),
        volumeMounts: [
          weightsMount,
          { name: 'home', mountPath: home },
          { name: 'temporary', mountPath: container.temporary },
          { name: 'shared-memory', mountPath: '/dev/shm' },
        ],
      },
    ],
    volumes: [
      { name: 'weights', persistentVolumeClaim: { claimName: weights.claim, readOnly: true } },
      { name: 'home', emptyDir: { sizeLimit: k8s.Quantity.fromString('256Mi') } },
      { name: 'temporary', emptyDir: { sizeLimit: k8s.Quantity.fromString('128Mi') } },
      {
        name: 'shared-memory',
        emptyDir: {
          medium: 'Memory',
          sizeLimit: k8s.Quantity.fromString(`${plan.sharedMemoryBytes / 2 ** 20}Mi`),
        },
      },
    ],
  };
}

/** What only a pod with the API has. */
function answering({
  startupSeconds,
}: VllmPlan): Pick<
  k8s.Container,
  'ports' | 'lifecycle' | 'startupProbe' | 'readinessProbe' | 'livenessProbe'
> {
  return {
    ports: [{ name: 'http', containerPort: vllmPort }],
    ...probes(startupSeconds, { port: vllmPort, ready: '/health', live: '/health' }),
    // Its port closes at once; until then load balancers look away.
    lifecycle: { preStop: { exec: { command: ['sleep', String(drainTimes.delaySeconds)] } } },
  };
}

/**
 * Source: vLLM, "Parallelism and Scaling", Multi-node deployment with multiprocessing; kubernetes-sigs/lws,
 * api/leaderworkerset/v1, for the variables that each pod of a group is given; read 2026-11.
 */
function vllmArguments(
  workload: Workload,
  { parallelism: { nodes, tensor, pipeline } }: VllmPlan,
  { maxModelLength }: VllmEngineOptions,
  rank: Rank,
): readonly string[] {
  return [
    weightsOf(workload).folder,
    `--served-model-name=${workload.endpoint.name}`,
    '--host=0.0.0.0',
    `--port=${vllmPort}`,
    '--load-format=safetensors',
    `--tensor-parallel-size=${tensor}`,
    `--pipeline-parallel-size=${pipeline}`,
    ...(maxModelLength === undefined ? [] : [`--max-model-len=${maxModelLength}`]),
    ...(rank === 'only'
      ? []
      : [
          '--distributed-executor-backend=mp',
          `--nnodes=${nodes}`,
          '--node-rank=$(LWS_WORKER_INDEX)',
          '--master-addr=$(LWS_LEADER_ADDRESS)',
        ]),
    ...(rank === 'worker' ? ['--headless'] : []),
  ];
}

/**
 * The list of digests is the one that was published, every file on it is whole, and there is no other: vLLM
 * reads whatever lies in the folder.
 */
export const checkScript = [
  'cd "$1"',
  'echo "$2  SHA256SUMS" | sha256sum --check --strict -',
  'sha256sum --check --strict --quiet SHA256SUMS',
  'test "$(find . -type f ! -path ./SHA256SUMS | wc -l)" -eq "$(wc -l < SHA256SUMS)"',
].join('\n');

function weightsOf({ endpoint, site }: Workload): {
  readonly claim: string;
  readonly folder: string;
  readonly sha256: string;
} {
  // One version: the engine has refused others.
  const [uri = '', sha256 = ''] = endpoint.versions.flatMap(({ artifact }) => [
    artifact.bucketFor(site.place).uriOf(artifact.key),
    artifact.sha256,
  ]);
  return { claim: claimOf(uri) ?? '', folder: folderOn(uri), sha256 };
}

/** Image of the pods. */
export function vllmImageOf(
  { site }: Workload,
  { image = vllmImage }: Pick<VllmEngineOptions, 'image'>,
): string {
  return site.images.image(image.name, image.tag, image.digest);
}

function answerSeconds({ endpoint }: Workload): number {
  return Math.ceil(endpoint.objective.p99Latency.toMilliseconds() / 1000);
}
