import type { Tensor } from '../protocol/tensor';
import type { Priority } from '../protocol/urgency';
import { CostModel } from './cost-model';
import { Lane } from './lane';
import type { PendingRun } from './pending-run';

/** How requests of a version may share a run. */
export interface Batching {
  /** Greatest number of rows in a run. */
  readonly maxRows: number;
  /**
   * Milliseconds that a request may be held back for others to join it.
   *
   * @default 0 - what waits goes as soon as there is a thread for it
   */
  readonly delayMillis?: number;
}

/** Requests of one version that run together, and what that is expected to cost. */
export interface Taken {
  readonly jobs: readonly PendingRun[];
  readonly cost: CostModel;
}

/** The requests of one version that wait, in lanes of those that may run together. */
export class VersionQueue {
  private readonly lanes = new Map<string, Lane>();
  private readonly costs = new Map<number, CostModel>();
  /** Engine time that the version has had, in milliseconds, by which versions take turns. */
  served = 0;
  /** What runs of the last request cost. */
  lastCost: CostModel | undefined;

  /**
   * @param batching - `undefined`: each request runs alone.
   * @param maxRunMillis - a batch is not made so large that its run takes longer.
   */
  constructor(
    readonly key: string,
    private batching: Batching | undefined,
    private readonly maxRunMillis: number,
  ) {}

  /** Requests that wait. */
  get requests(): number {
    return this.sum((lane) => lane.length);
  }

  /** Bytes of the tensors that wait. */
  get bytes(): number {
    return this.sum((lane) => lane.bytes);
  }

  /** Milliseconds of engine time that what waits and is at least as urgent is expected to take. */
  expectedMillis(priority: Priority): number {
    return this.sum((lane) => (lane.priority > priority ? 0 : lane.rows * lane.cost.perRow()));
  }

  /** What runs of such inputs cost. */
  costOf(inputs: readonly Tensor[]): CostModel {
    let elements = 0;
    for (const { data } of inputs) elements += data.length;
    // Rows of about the same size cost about the same.
    const sizeClass = 32 - Math.clz32(elements / this.rowsOf(inputs));
    let cost = this.costs.get(sizeClass);
    if (cost === undefined) {
      cost = new CostModel(this.batching?.maxRows ?? 1, this.maxRunMillis);
      this.costs.set(sizeClass, cost);
    }
    this.lastCost = cost;
    return cost;
  }

  /** Rows of a request; 1 where requests run alone. */
  rowsOf([first]: readonly Tensor[]): number {
    return this.batching === undefined ? 1 : (first?.shape[0] ?? 1);
  }

  /** @returns a function that takes the request out again, and tells whether it was still there. */
  push(job: PendingRun): () => boolean {
    const shared = this.batching !== undefined && haveRows(job);
    const key = shared ? laneKey(job) : String(job.priority);
    let lane = this.lanes.get(key);
    if (lane === undefined) {
      lane = new Lane(job.priority, this.costOf(job.inputs), shared);
      this.lanes.set(key, lane);
    }
    const takeOut = lane.push(job);
    return () => {
      const taken = takeOut();
      if (lane.length === 0 && this.lanes.get(key) === lane) this.lanes.delete(key);
      return taken;
    };
  }

  /** How urgent the most urgent request is, 0 the most; `Infinity` where none may go yet. */
  urgency(now: number): number {
    let urgency = Infinity;
    for (const lane of this.lanes.values()) {
      if (this.mayGo(lane, now)) urgency = Math.min(urgency, lane.urgency(now));
    }
    return urgency;
  }

  /** Milliseconds until a request that is held back may go; `Infinity` where none is. */
  heldFor(now: number): number {
    const { delayMillis = 0 } = this.batching ?? {};
    let millis = Infinity;
    if (delayMillis === 0) return millis;
    for (const lane of this.lanes.values()) {
      millis = Math.min(millis, Math.max(0, lane.since() + delayMillis - now));
    }
    return millis;
  }

  /**
   * Requests for the next run: the most urgent, of those the oldest, and what may run with it.
   *
   * @param threads - idle threads that what waits is shared out to.
   * @returns `undefined` where nothing may go; without requests where all were too late.
   */
  take(now: number, threads: number): Taken | undefined {
    let chosen: string | undefined;
    let lane: Lane | undefined;
    for (const [key, other] of this.lanes) {
      if (!this.mayGo(other, now)) continue;
      if (lane !== undefined && !goesBefore(other, lane, now)) continue;
      [chosen, lane] = [key, other];
    }
    if (chosen === undefined || lane === undefined) return undefined;
    const jobs = lane.take(now, threads);
    if (lane.length === 0) this.lanes.delete(chosen);
    return { jobs, cost: lane.cost };
  }

  /** Has each request run alone from here on: the model does not keep rows apart. */
  stopBatching(): void {
    this.batching = undefined;
    this.costs.clear();
  }

  rejectAll(error: Error): void {
    for (const lane of this.lanes.values()) lane.rejectAll(error);
    this.lanes.clear();
  }

  private mayGo(lane: Lane, now: number): boolean {
    const { delayMillis = 0 } = this.batching ?? {};
    return delayMillis === 0 || lane.isFull() || now - lane.since() >= delayMillis;
  }

  private sum(of: (lane: Lane) => number): number {
    let sum = 0;
    for (const lane of this.lanes.values()) sum += of(lane);
    return sum;
  }
}

function goesBefore(a: Lane, b: Lane, now: number): boolean {
  const [urgencyA, urgencyB] = [a.urgency(now), b.urgency(now)];
  return urgencyA === urgencyB ? a.since() < b.since() : urgencyA < urgencyB;
}

/** Whether a request's inputs have as many rows each; others cannot be told apart once joined. */
function haveRows({ inputs, rows }: PendingRun): boolean {
  return inputs.every(({ shape }) => shape[0] === rows);
}

function laneKey({ inputs, outputs, priority }: PendingRun): string {
  let key = `${priority} ${outputs.join(',')}`;
  for (const { shape } of inputs) {
    key += '|';
    for (let i = 1; i < shape.length; i++) key += `${shape[i] ?? ''},`;
  }
  return key;
}
