import { servingFacts as facts } from './serving-facts';

/** What an endpoint must do, in plain numbers. */
export interface ServingDemand {
  /** Size of each version's weights, in bytes. All versions are loaded side by side. */
  readonly modelBytes: readonly number[];
  /** Latency that 99% of requests keep, in milliseconds. */
  readonly p99LatencyMillis: number;
  /** Share of time that the endpoint answers, in percent: 99.9. */
  readonly availabilityPercent: number;
  /** Requests a second at the busiest time. */
  readonly peakRequestsPerSecond: number;
  /** Largest request body, in bytes. */
  readonly maxRequestBytes: number;
  /**
   * Measured time of one inference on one thread, in milliseconds.
   * @default - estimated from the size of the largest version
   */
  readonly serviceTimeMillis?: number;
}

/** What one replica asks for, and how many there are. */
export interface ServingSize {
  /** Inference threads of the server. */
  readonly workers: number;
  /** Threads that one inference uses. */
  readonly intraOpThreads: number;
  /** CPU request, in thousandths of a core. */
  readonly cpuRequestMillis: number;
  /** CPU limit, in thousandths of a core: every thread may run at once, so that none is throttled. */
  readonly cpuLimitMillis: number;
  /** Memory request and limit, in bytes. */
  readonly memoryBytes: number;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** CPU use, in percent of the request, that the autoscaler holds. */
  readonly targetCpuPercent: number;
  /** Time from the start of the container until every version is ready, in seconds; generous. */
  readonly startupSeconds: number;
  readonly serviceTimeMillis: number;
  readonly serviceTimeIsEstimated: boolean;
}

/** An objective that no size meets. `nearestMillis` is the lowest p99 latency that one does. */
export class ObjectiveError extends Error {
  constructor(
    message: string,
    readonly nearestMillis: number,
  ) {
    super(message);
    this.name = 'ObjectiveError';
  }
}

const megabyte = 1_000_000;
const mebibyte = 1024 * 1024;
/** Headroom for bursts shorter than the autoscaler's reaction. */
const targetCpuPercent = 70;
/** An inference takes at most this share of the objective; the rest is for waiting its turn. */
const inferenceShareOfObjective = 0.5;
/** Larger replicas are lost in larger pieces, so the load is spread before they grow past this. */
const maxCoresPerReplica = 4;

/**
 * Sizes the bundled server for a demand: first threads (so that one inference fits the objective),
 * then replicas (so that losing one keeps the availability), then cores, then memory.
 *
 * @throws RangeError for a demand out of range, naming the field.
 * @throws ObjectiveError where a measured service time cannot meet the objective.
 */
export function sizeServer(demand: ServingDemand): ServingSize {
  validate(demand);
  const largest = Math.max(...demand.modelBytes);
  const serviceTimeIsEstimated = demand.serviceTimeMillis === undefined;
  const serviceTimeMillis =
    demand.serviceTimeMillis ?? 0.1 + (largest / megabyte) * facts.inferenceMillisPerMegabyte;

  const intraOpThreads = threadsFor(serviceTimeMillis, demand, serviceTimeIsEstimated);
  const cpuMillisPerRequest =
    facts.requestOverheadMillis +
    (intraOpThreads === 1 ? serviceTimeMillis : serviceTimeMillis / facts.threadEfficiency);
  const coresAtPeak =
    (demand.peakRequestsPerSecond * cpuMillisPerRequest) / 1000 / (targetCpuPercent / 100);

  const minReplicas = replicasFor(demand.availabilityPercent);
  const leastCores = intraOpThreads > 1 ? intraOpThreads : 0.1;
  const mostCores = Math.max(leastCores, maxCoresPerReplica);
  const cores = Math.max(leastCores, Math.min(mostCores, coresAtPeak / minReplicas));
  // Rounded up: with fewer threads than requested cores, CPU use could stay below the autoscaler's
  // target while requests queue.
  const workers = Math.ceil(cores / intraOpThreads);
  const peakReplicas = Math.max(minReplicas, Math.ceil(coresAtPeak / mostCores));
  return {
    workers,
    intraOpThreads,
    cpuRequestMillis: Math.ceil((cores * 1000) / 50) * 50,
    // One core more than the workers': the I/O thread's.
    cpuLimitMillis: (workers * intraOpThreads + 1) * 1000,
    memoryBytes: memoryFor(demand, workers),
    minReplicas,
    // Twice the expected peak: a wrong estimate or a lost zone must not meet the ceiling first.
    maxReplicas: Math.max(minReplicas + 1, peakReplicas * 2),
    targetCpuPercent,
    startupSeconds: startupFor(demand.modelBytes, workers),
    serviceTimeMillis,
    serviceTimeIsEstimated,
  };
}

function threadsFor(serviceTimeMillis: number, demand: ServingDemand, estimated: boolean): number {
  const budgetMillis = demand.p99LatencyMillis * inferenceShareOfObjective;
  if (serviceTimeMillis <= budgetMillis) return 1;
  const fastestMillis = serviceTimeMillis / (facts.maxIntraOpThreads * facts.threadEfficiency);
  if (fastestMillis <= budgetMillis) {
    const threads = Math.ceil(serviceTimeMillis / (budgetMillis * facts.threadEfficiency));
    return Math.min(threads, facts.maxIntraOpThreads);
  }
  // An estimate is no ground to refuse; what is measured is.
  if (estimated) return facts.maxIntraOpThreads;
  const nearestMillis = Math.ceil(fastestMillis / inferenceShareOfObjective);
  throw new ObjectiveError(
    `a p99 latency of ${demand.p99LatencyMillis} ms cannot be met: one inference takes ${serviceTimeMillis} ms on one thread; the nearest that can is ${nearestMillis} ms`,
    nearestMillis,
  );
}

/** Replicas that keep the availability while one is lost or replaced. */
function replicasFor(availabilityPercent: number): number {
  if (availabilityPercent >= 99.9) return 3;
  return availabilityPercent >= 99 ? 2 : 1;
}

function memoryFor(demand: ServingDemand, workers: number): number {
  const weights = demand.modelBytes.reduce((sum, bytes) => sum + bytes, 0);
  const bytes =
    facts.baseMemoryBytes +
    workers * (facts.workerMemoryBytes + weights * facts.sessionMemoryFactor) +
    // A body and its tensors, for each request that a worker holds and one that waits.
    (workers + 1) * demand.maxRequestBytes;
  return Math.ceil(bytes / (64 * mebibyte)) * 64 * mebibyte;
}

/** Each version is probed once and then loaded by every worker, on shared cores: four times as long. */
function startupFor(modelBytes: readonly number[], workers: number): number {
  const megabytes = modelBytes.reduce((sum, bytes) => sum + bytes, 0) / megabyte;
  const loadSeconds = (megabytes * facts.loadMillisPerMegabyte * (workers + 1)) / 1000;
  return Math.ceil(30 + modelBytes.length * 2 + loadSeconds * 4);
}

function validate(demand: ServingDemand): void {
  const refuse = (field: string, expected: string, received: number): never => {
    throw new RangeError(`${field}: expected ${expected}, received ${received}`);
  };
  if (demand.modelBytes.length === 0) refuse('modelBytes', 'at least one version', 0);
  for (const bytes of demand.modelBytes) {
    if (!(bytes > 0 && Number.isFinite(bytes))) refuse('modelBytes', 'bytes above 0', bytes);
  }
  const positive = [
    'p99LatencyMillis',
    'peakRequestsPerSecond',
    'maxRequestBytes',
    'serviceTimeMillis',
  ] as const;
  for (const field of positive) {
    const value = demand[field];
    if (value !== undefined && !(value > 0 && Number.isFinite(value))) {
      refuse(field, 'a number above 0', value);
    }
  }
  const { availabilityPercent } = demand;
  if (!(availabilityPercent > 0 && availabilityPercent < 100)) {
    refuse('availabilityPercent', 'a percentage above 0 and below 100', availabilityPercent);
  }
}
