import type { ServingStack } from '@manara/constructs';
import type { AddressOf } from './address';
import type { EndpointInspection } from './inspect';
import type { ClientLimits } from './site-client';

export interface ExerciseOptions {
  readonly stack: ServingStack;
  /** Of every drilled endpoint; those that do not run on the lost site are left out. */
  readonly inspections: readonly EndpointInspection[];
  /** The address that callers use. */
  readonly name: AddressOf;
  /** Shell command that takes the stack's first site away. */
  readonly lose: string;
  /** Shell command that brings it back. */
  readonly restore: string;
  /** Seconds after which callers that are still not answered are given up. */
  readonly waitSeconds: number;
  /** Ends the exercise early; what was lost is restored all the same. */
  readonly stopped: AbortSignal;
  /** Ends the wait for a site that `restore` has brought back, never that command. */
  readonly hurried: AbortSignal;
  readonly onProgress: (what: string) => void;
  /** Receives what the commands write. */
  readonly onOutput: (text: string) => void;
  readonly limits?: ClientLimits;
  /**
   * Seconds that the site may go on answering after `lose` has ended.
   * @default - as long as a pod may take to stop
   */
  readonly goneSeconds?: number;
  /**
   * Seconds for the name to answer steadily before anything is taken away.
   * @default 30
   */
  readonly steadySeconds?: number;
}
