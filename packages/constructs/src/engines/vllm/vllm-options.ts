import { ConstructError } from '../../construct-error';
import type { ImageName } from '../../image-name';
import type { Peer } from '../../peer';
import { imageName, peer, portNumber } from '../../props/kinds';
import { anyNumber, checkProps, optional, record, text } from '../../props/props';
import { type ColdStartProps, coldStartKind, validateColdStart } from '../../scaling/cold-start';
import { type Gpus, gpuCount, gpusKind, validateGpus } from '../parts/gpus';

export interface VllmEngineOptions {
  /** GPUs of each pod. */
  readonly gpus: Gpus;
  /**
   * Measured requests a second that one replica answers within the objective, as the endpoint's callers send
   * them. How long an answer is decides it, so nothing could be estimated.
   */
  readonly replicaRequestsPerSecond: number;
  /**
   * Pods of a replica, each on a node of its own. More than one is a LeaderWorkerSet, whose controller the
   * cluster has.
   * @default 1
   */
  readonly nodes?: number;
  /**
   * GPUs that share each layer.
   * @default - those of a pod
   */
  readonly tensorParallel?: number;
  /**
   * Groups of GPUs that have layers of their own.
   * @default - as many as there are pods in a replica
   */
  readonly pipelineParallel?: number;
  /**
   * Most tokens of a request and its answer.
   * @default - the model's own
   */
  readonly maxModelLength?: number;
  /**
   * Routing by what each replica has cached and has to do: an InferencePool of the Gateway API's inference
   * extension.
   * @default - none: the Service spreads connections
   */
  readonly routing?: InferenceRouting;
  /**
   * The server's image in the site's registry.
   * @default - `vllm-openai:v0.28.0`
   */
  readonly image?: ImageName;
  /**
   * Measured parts of a cold start.
   * @default - nodes have room; the rest is estimated from the size of the weights, generously
   */
  readonly coldStart?: ColdStartProps;
}

/** Who chooses the replica for a request. */
export interface InferenceRouting {
  /** The endpoint picker, which exists: a Service of the site's namespace. */
  readonly picker: {
    /** Name of its Service. */
    readonly service: string;
    /** Port of the Service. */
    readonly port: number;
    /** Its pods: they read each replica's metrics. */
    readonly peer: Peer;
  };
  /**
   * A Gateway that leads the API's routes here, and no others of the server's.
   * @default - none: whoever routes names the InferencePool itself
   */
  readonly gateway?: {
    readonly name: string;
    readonly namespace: string;
    /** Name that callers ask for. */
    readonly host: string;
    /** Its pods, which reach the replicas. */
    readonly peer: Peer;
  };
}

/** How a replica is cut into pods and GPUs. */
export interface Parallelism {
  readonly nodes: number;
  readonly tensor: number;
  readonly pipeline: number;
}

const at = 'ServingEngine.vllm';
const mostNodes = 64;
const dnsName = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const hostName =
  /^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** @throws ConstructError MANARA_ENGINE for an option that is malformed or out of range, MANARA_PROP for another kind */
export function validateOptions(options: VllmEngineOptions): void {
  checkProps(at, options, {
    gpus: gpusKind,
    replicaRequestsPerSecond: anyNumber,
    nodes: optional(anyNumber),
    tensorParallel: optional(anyNumber),
    pipelineParallel: optional(anyNumber),
    maxModelLength: optional(anyNumber),
    routing: optional(
      record({
        picker: record({ service: text, port: portNumber, peer }),
        gateway: optional(record({ name: text, namespace: text, host: text, peer })),
      }),
    ),
    image: optional(imageName),
    coldStart: optional(coldStartKind),
  });
  if (options.coldStart !== undefined) validateColdStart(at, options.coldStart);
  validateGpus(at, options.gpus);
  const rate = options.replicaRequestsPerSecond;
  if (!(rate > 0 && Number.isFinite(rate))) {
    refuse(`replicaRequestsPerSecond: expected a measured number above 0; received ${rate}`);
  }
  whole('nodes', options.nodes, mostNodes);
  whole('tensorParallel', options.tensorParallel, 1024);
  whole('pipelineParallel', options.pipelineParallel, 1024);
  whole('maxModelLength', options.maxModelLength, 2 ** 31 - 1);
  validateParallelism(options);
  validateRouting(options.routing);
}

/** Defaults as vLLM's own guide has them: tensors within a node, layers over nodes. */
export function parallelismOf(options: VllmEngineOptions): Parallelism {
  const { gpus, nodes = 1 } = options;
  const { tensorParallel, pipelineParallel } = options;
  const all = gpuCount(gpus) * nodes;
  const tensor =
    tensorParallel ?? (pipelineParallel === undefined ? gpuCount(gpus) : all / pipelineParallel);
  return { nodes, tensor, pipeline: pipelineParallel ?? all / tensor };
}

function validateParallelism(options: VllmEngineOptions): void {
  const { nodes, tensor, pipeline } = parallelismOf(options);
  const count = gpuCount(options.gpus);
  const isWhole = Number.isSafeInteger(tensor) && Number.isSafeInteger(pipeline);
  if (isWhole && tensor * pipeline === nodes * count) return;
  const asked = `${options.tensorParallel ?? 'the rest'} × ${options.pipelineParallel ?? 'the rest'}`;
  refuse(
    `tensorParallel, pipelineParallel: each GPU of a replica has its part; expected a product of ${nodes * count} (${nodes} × ${count} GPUs), received ${asked}`,
  );
}

function validateRouting(routing: InferenceRouting | undefined): void {
  if (routing === undefined) return;
  const { picker, gateway } = routing;
  const names = {
    'picker.service': picker.service,
    'gateway.name': gateway?.name,
    'gateway.namespace': gateway?.namespace,
  };
  for (const [prop, name] of Object.entries(names)) {
    if (name === undefined || dnsName.test(name)) continue;
    refuse(
      `routing.${prop}: expected a name of Kubernetes such as inference-gateway; received "${name}"`,
    );
  }
  if (gateway === undefined || hostName.test(gateway.host)) return;
  refuse(
    `routing.gateway.host: expected a host name such as llm.bank.example; received "${gateway.host}"`,
  );
}

function whole(prop: string, value: number | undefined, most: number): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= 1 && value <= most)) return;
  refuse(`${prop}: expected a whole number from 1 to ${most}; received ${value}`);
}

function refuse(message: string): never {
  throw new ConstructError('MANARA_ENGINE', at, message);
}
