import type { BenchModel } from './bench-model';
import type { Dialect } from './requests';

export type Protocol = 'rest' | 'grpc';

/** A server that takes part. */
export interface Contender {
  readonly name: string;
  readonly protocols: readonly Protocol[];
  /** How it answers JSON. */
  readonly dialect: Dialect;
  /**
   * Starts it for one model and waits until it answers. `undefined`, with the reason on stderr, where
   * this machine cannot have it.
   */
  start(model: BenchModel): Promise<Served | undefined>;
}

export interface Served {
  /** Root of its processes. */
  readonly pid: number;
  readonly ports: Readonly<Partial<Record<Protocol, number>>>;
  stop(): Promise<unknown>;
}
