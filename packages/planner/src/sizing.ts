import { lowestAvailabilityPercent, replicasFor } from './availability';
import { peakShare, type ReplicaShape } from './scaling/replica-rate';
import { servingFacts as facts } from './serving-facts';
import { waitOf99 } from './waiting';

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
  /** Memory that the largest request takes, in bytes; see `largestRequest`. */
  readonly requestMemoryBytes: number;
  /**
   * Measured time of one inference on one thread, in milliseconds.
   * @default - estimated from the size of the largest version
   */
  readonly serviceTimeMillis?: number;
}

/** What one replica asks for. How many there are is planned from it: `replicaShape`, `planScaling`. */
export interface ServingSize {
  /** Inference threads of the server. */
  readonly workers: number;
  /** Threads that one inference uses. */
  readonly intraOpThreads: number;
  /** CPU request, in thousandths of a core. */
  readonly cpuRequestMillis: number;
  /**
   * CPU limit, in thousandths of a core: every thread may run at once, so that none is throttled. Above
   * the request, it uses cores that the node has idle.
   */
  readonly cpuLimitMillis: number;
  /** Memory request and limit, in bytes. */
  readonly memoryBytes: number;
  /** Time from the start of the container until every version is ready, in seconds; generous. */
  readonly startupSeconds: number;
  readonly serviceTimeMillis: number;
  readonly serviceTimeIsEstimated: boolean;
  /** Requests that one replica may have under way and still answer within the objective. */
  readonly inFlight: number;
}

/** A sized replica as the queue that a plan of replicas is made from. */
export function replicaShape(size: ServingSize): ReplicaShape {
  const { workers, intraOpThreads, serviceTimeMillis, serviceTimeIsEstimated } = size;
  return {
    workers,
    inferenceMillis: wallMillis(serviceTimeMillis, intraOpThreads),
    overheadMillis: facts.requestOverheadMillis,
    cpu: {
      millisPerRequest: cpuMillis(serviceTimeMillis, intraOpThreads),
      requestMillis: size.cpuRequestMillis,
    },
    isEstimated: serviceTimeIsEstimated,
  };
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
/** Use at the peak, of the CPU requested. */
const targetCpuPercent = peakShare * 100;
/** An inference takes at most this share of the objective; the rest is for waiting its turn. */
const inferenceShareOfObjective = 0.5;
/** Beyond the cores requested, more workers than this were never needed: see the test of `waitOf99`. */
const mostWorkers = 64;
/** Larger replicas are lost in larger pieces, so the load is spread before they grow past this. */
const maxCoresPerReplica = 4;

/**
 * Sizes the bundled server for a demand: first threads (so that one inference fits half of the
 * objective), then replicas (so that losing one keeps the availability), then cores, then workers (so
 * that waiting for one fits the rest of the objective), then memory.
 *
 *     cores   = requests/s × CPU time of one ÷ 70%, over the replicas, 4 each at most
 *     load    = 70% × cores ÷ threads of an inference: workers busy, where the autoscaler acts
 *     workers = the fewest with time of an inference + overhead + waitOf99(workers, load) ≤ objective
 *
 * Workers beyond the requested cores run on cores that the node has idle. Not accounted for: a node
 * without idle cores, bursts faster than the autoscaler, and slow callers.
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
  const cpuMillisPerRequest = cpuMillis(serviceTimeMillis, intraOpThreads);
  const coresAtPeak =
    (demand.peakRequestsPerSecond * cpuMillisPerRequest) / 1000 / (targetCpuPercent / 100);

  const minReplicas = replicasFor(demand.availabilityPercent);
  const leastCores = intraOpThreads > 1 ? intraOpThreads : 0.1;
  const mostCores = Math.max(leastCores, maxCoresPerReplica);
  const cores = Math.max(leastCores, Math.min(mostCores, coresAtPeak / minReplicas));
  const inferenceMillis = wallMillis(serviceTimeMillis, intraOpThreads);
  const workers = workersFor(demand, cores / intraOpThreads, inferenceMillis);
  return {
    workers,
    intraOpThreads,
    cpuRequestMillis: Math.ceil((cores * 1000) / 50) * 50,
    // One core more than the workers': the I/O thread's.
    cpuLimitMillis: (workers * intraOpThreads + 1) * 1000,
    memoryBytes: memoryFor(demand, workers),
    startupSeconds: startupFor(demand.modelBytes, workers),
    serviceTimeMillis,
    serviceTimeIsEstimated,
    inFlight: inFlightOf(workers, demand.p99LatencyMillis, inferenceMillis),
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

/** CPU time of a request, whatever threads share it. */
function cpuMillis(serviceTimeMillis: number, threads: number): number {
  const inference = threads === 1 ? serviceTimeMillis : serviceTimeMillis / facts.threadEfficiency;
  return facts.requestOverheadMillis + inference;
}

/** Time of one inference on some threads. */
function wallMillis(serviceTimeMillis: number, threads: number): number {
  return threads === 1 ? serviceTimeMillis : serviceTimeMillis / (threads * facts.threadEfficiency);
}

/** One more than these would wait longer than the objective; each worker can have one, whatever it takes. */
function inFlightOf(workers: number, p99LatencyMillis: number, inferenceMillis: number): number {
  const turns = Math.floor(p99LatencyMillis / (inferenceMillis + facts.requestOverheadMillis));
  return workers * Math.max(1, turns);
}

/** @param requested workers that the requested cores keep busy */
function workersFor(demand: ServingDemand, requested: number, inferenceMillis: number): number {
  // Rounded up: with fewer threads than requested cores, CPU use could stay below the autoscaler's
  // target while requests queue.
  const fewest = Math.ceil(requested);
  const load = (requested * targetCpuPercent) / 100;
  const patienceMillis = demand.p99LatencyMillis - inferenceMillis - facts.requestOverheadMillis;
  // An estimate that fits no number of threads is not made to fit by workers either.
  if (patienceMillis <= 0) return fewest;
  let workers = fewest;
  while (workers < mostWorkers && waitOf99(workers, load) * inferenceMillis > patienceMillis) {
    workers++;
  }
  return workers;
}

function memoryFor(demand: ServingDemand, workers: number): number {
  const weights = demand.modelBytes.reduce((sum, bytes) => sum + bytes, 0);
  const bytes =
    facts.baseMemoryBytes +
    workers * (facts.workerMemoryBytes + weights * facts.sessionMemoryFactor) +
    // The largest request, in the hands of every worker and of the I/O thread.
    (workers + 1) * demand.requestMemoryBytes;
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
    'requestMemoryBytes',
    'serviceTimeMillis',
  ] as const;
  for (const field of positive) {
    const value = demand[field];
    if (value !== undefined && !(value > 0 && Number.isFinite(value))) {
      refuse(field, 'a number above 0', value);
    }
  }
  const { availabilityPercent } = demand;
  if (!(availabilityPercent >= lowestAvailabilityPercent && availabilityPercent < 100)) {
    const expected = `a percentage from ${lowestAvailabilityPercent} to below 100`;
    refuse('availabilityPercent', expected, availabilityPercent);
  }
}
