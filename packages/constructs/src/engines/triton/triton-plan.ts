import {
  acceleratedShape,
  type AcceleratorDemand,
  type BatchingDemand,
  batchingOf,
  type BatchingPlan,
  type ColdStart,
  imagePullSeconds,
  ObjectiveError,
  planBatching,
  type ReplicaShape,
  replicaShape,
  servingFacts,
} from '@manara/planner';
import type { Place } from '@manara/residency';
import { ConstructError } from '../../construct-error';
import { coldStartOf } from '../../scaling/cold-start';
import { planWorkload } from '../../scaling/plan-workload';
import type { EndpointSpec, Workload } from '../lowering';
import { bytesOf, type ServerSize, serverSize } from '../onnx/server-size';
import { gpuCount, refuseTooLarge } from '../parts/gpus';
import type { ModelPlan } from './model-config';
import type { ServedModel } from './triton-models';
import type { TritonEngineOptions } from './triton-options';

/** What a pod asks for, how its models run, and how many pods there are. */
export interface TritonPlan {
  readonly models: readonly ModelPlan[];
  readonly cpuRequestMillis: number;
  readonly cpuLimitMillis: number;
  readonly memoryBytes: number;
  readonly weightsBytes: number;
  readonly maxRequestBytes: number;
  readonly startupSeconds: number;
  /** What one of them does, and how long a new one takes. */
  readonly replica: ReplicaShape;
  readonly coldStart: ColdStart;
}

const mebibyte = 2 ** 20;

/**
 * What Triton takes beside models, over the bundled server: an allowance, not a measurement. With a GPU,
 * CUDA's own libraries and the pinned memory that it copies through (256 MiB by default) are in it.
 */
const allowance = {
  cpuBytes: 256 * mebibyte,
  gpuBytes: 2048 * mebibyte,
  gpuStartupSeconds: 30,
  /** As registries keep it. */
  imageBytes: 10e9,
  /** TensorRT times every kernel before it takes one. */
  tensorRtSeconds: 600,
} as const;

/** @throws ConstructError MANARA_OBJECTIVE for what cannot be met, MANARA_ENGINE for weights that do not fit */
export function planTriton(
  workload: Workload,
  served: readonly ServedModel[],
  options: TritonEngineOptions<Place>,
): TritonPlan {
  try {
    return options.gpus === undefined
      ? planCpu(workload, served, options)
      : planGpu(workload, served, options);
  } catch (error) {
    if (!(error instanceof ObjectiveError)) throw error;
    throw new ConstructError(
      'MANARA_OBJECTIVE',
      workload.endpoint.path,
      `objective.p99Latency: ${error.message}`,
    );
  }
}

function planCpu(
  workload: Workload,
  served: readonly ServedModel[],
  options: TritonEngineOptions<Place>,
): TritonPlan {
  const { endpoint } = workload;
  const size = sizeOf(endpoint, options, microsOfAll(endpoint, served));
  const replica = replicaShape(size);
  const coldStart = coldStartFor(options, size.startupSeconds);
  const { peakReplicas } = planWorkload({ workload, replica, coldStart }).plan;
  const objectiveMillis = endpoint.objective.p99Latency.toMilliseconds();
  const models = served.map((model): ModelPlan => {
    const measured = model.options.serviceTimeMicros;
    const oneThread = measured === undefined ? size.serviceTimeMillis : measured / 1000;
    const wall = oneThread / speedUp(size.intraOpThreads);
    return {
      model,
      batching: asAsked(
        model,
        planBatching({
          ...demandOf(model, objectiveMillis, peakReplicas),
          // An estimate is no ground to refuse an objective.
          oneRowMillis: measured === undefined ? Math.min(wall, objectiveMillis / 2) : wall,
        }),
      ),
      instances: model.options.instances ?? size.workers,
      intraOpThreads: size.intraOpThreads,
      gpus: undefined,
      objectiveMillis,
    };
  });
  return {
    ...size,
    models,
    replica,
    coldStart,
    memoryBytes: memoryBytes(options, size.memoryBytes + allowance.cpuBytes),
  };
}

function planGpu(
  workload: Workload,
  served: readonly ServedModel[],
  options: TritonEngineOptions<Place>,
): TritonPlan {
  const { endpoint } = workload;
  const { gpus = {} } = options;
  const objectiveMillis = endpoint.objective.p99Latency.toMilliseconds();
  refuseFullGpus(endpoint, served, options);
  const demand: AcceleratorDemand = {
    models: served.map((model) => demandOf(model, objectiveMillis)),
    p99LatencyMillis: objectiveMillis,
    requestsPerSecond: endpoint.traffic.peakRequestsPerSecond,
    accelerators: gpuCount(gpus),
  };
  // The host only hands requests on: the models' time is the GPU's.
  const host = sizeOf(endpoint, options, 1);
  const engines = served.filter(({ options: { tensorRt } }) => tensorRt !== undefined);
  const startupSeconds =
    host.startupSeconds +
    allowance.gpuStartupSeconds +
    engines.flatMap(({ versions }) => versions).length * allowance.tensorRtSeconds;
  const replica = acceleratedShape(demand);
  const coldStart = coldStartFor(options, startupSeconds);
  const { peakReplicas } = planWorkload({ workload, replica, coldStart }).plan;
  const plans = batchingOf(demand, peakReplicas);
  const models = served.map((model, i): ModelPlan => {
    const batching = plans[i];
    if (batching === undefined) throw new RangeError(`no plan for model "${model.name}"`);
    const instances = model.options.instances ?? 1;
    return {
      model,
      batching: asAsked(model, batching),
      instances,
      intraOpThreads: 1,
      gpus,
      objectiveMillis,
    };
  });
  const cores = Math.max(1, gpuCount(gpus));
  return {
    ...host,
    models,
    replica,
    coldStart,
    // Feeding a GPU takes a core or so; more is taken where the node has it idle.
    cpuRequestMillis: cores * 1000,
    cpuLimitMillis: cores * 4000,
    memoryBytes: memoryBytes(options, host.memoryBytes + allowance.gpuBytes),
    startupSeconds,
  };
}

function coldStartFor(
  { coldStart }: TritonEngineOptions<Place>,
  startupSeconds: number,
): ColdStart {
  return coldStartOf(coldStart, {
    nodeSeconds: 0,
    imagePullSeconds: imagePullSeconds(allowance.imageBytes),
    loadSeconds: startupSeconds,
    // Models run zeros before they are ready.
    firstInferenceSeconds: 0,
  });
}

type Sized = Parameters<typeof serverSize>[0];

/** What of an endpoint a size is computed from; a construct has more than its own properties. */
function specOf({ path, objective, traffic, server }: EndpointSpec): Omit<Sized, 'versions'> {
  return { path, objective, traffic, server };
}

/** The bundled server's size for the same models: its weights, requests and threads are Triton's too. */
function sizeOf(
  endpoint: EndpointSpec,
  options: TritonEngineOptions<Place>,
  serviceTimeMicros: number | undefined,
): ServerSize {
  return serverSize(
    { ...specOf(endpoint), versions: endpoint.weights },
    {
      ...(options.maxRequestSize === undefined ? {} : { maxRequestSize: options.maxRequestSize }),
      ...(serviceTimeMicros === undefined ? {} : { serviceTimeMicros }),
    },
  );
}

/** Measured work for each of the endpoint's requests: a model that is asked twice as often counts twice. */
function microsOfAll(
  { traffic }: EndpointSpec,
  served: readonly ServedModel[],
): number | undefined {
  const all = served.map(({ options: { serviceTimeMicros: micros }, peakRequestsPerSecond }) =>
    micros === undefined
      ? Number.NaN
      : (micros * peakRequestsPerSecond) / traffic.peakRequestsPerSecond,
  );
  const sum = all.reduce((total, micros) => total + micros, 0);
  return Number.isNaN(sum) ? undefined : sum;
}

function speedUp(threads: number): number {
  return threads === 1 ? 1 : threads * servingFacts.threadEfficiency;
}

function demandOf(
  { options, signature, peakRequestsPerSecond }: ServedModel,
  p99LatencyMillis: number,
  replicas = 1,
): BatchingDemand {
  const { serviceTimeMicros = 1, largerBatch, maxBatchSize } = options;
  return {
    oneRowMillis: serviceTimeMicros / 1000,
    ...(largerBatch === undefined
      ? {}
      : { larger: { rows: largerBatch.rows, millis: largerBatch.micros / 1000 } }),
    p99LatencyMillis,
    rowsPerSecond: peakRequestsPerSecond / replicas,
    ...(signature.batches ? {} : { mostRows: 1 }),
    ...(maxBatchSize === undefined || maxBatchSize === 0 ? {} : { mostRows: maxBatchSize }),
  };
}

/** Callers may send requests of as many rows as somebody says, even if a run of them takes long. */
function asAsked(
  { options: { maxBatchSize }, signature }: ServedModel,
  plan: BatchingPlan,
): BatchingPlan {
  if (!signature.batches || maxBatchSize === undefined) return plan;
  return { ...plan, maxBatchSize };
}

function refuseFullGpus(
  { path }: EndpointSpec,
  served: readonly ServedModel[],
  { gpus = {} }: TritonEngineOptions<Place>,
): void {
  for (let gpu = 0; gpu < gpuCount(gpus); gpu++) {
    const here = served.filter(({ options: { onGpus } }) => onGpus?.includes(gpu) ?? true);
    const bytes = here.map(
      ({ versions, options: { instances = 1 } }) =>
        versions.reduce((sum, { artifact }) => sum + artifact.sizeBytes, 0) * instances,
    );
    refuseTooLarge(
      path,
      gpus,
      bytes.reduce((sum, one) => sum + one, 0),
    );
  }
}

function memoryBytes(
  { memory, ...options }: TritonEngineOptions<Place>,
  estimated: number,
): number {
  return (memory === undefined ? estimated : bytesOf(memory)) + cacheBytes(options);
}

/** Memory for answers that are kept. */
export function cacheBytes({
  cacheSize,
  models = [],
  responseCache,
}: TritonEngineOptions<Place>): number {
  const isCached = [{ responseCache }, ...models].some((model) => model.responseCache === true);
  if (!isCached) return 0;
  return cacheSize === undefined ? 64 * mebibyte : bytesOf(cacheSize);
}
