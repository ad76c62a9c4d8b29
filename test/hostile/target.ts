import type { Chance } from '../support/chance';

/** A server under attack. */
export interface Target {
  readonly httpPort: number;
  readonly grpcPort: number;
  /** Greatest body that it takes, in bytes. */
  readonly maxRequestBytes: number;
  readonly chance: Chance;
  /** Told of each HTTP status that came back; 0 where the connection ended without. */
  readonly saw: (status: number, what: string) => void;
}

/** One round of bad behaviour, a second or so. Leaves nothing open behind. */
export type Attack = (target: Target) => Promise<void>;
