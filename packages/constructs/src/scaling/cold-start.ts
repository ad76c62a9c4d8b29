import type { ColdStart } from '@manara/planner';
import type { Duration } from 'cdk8s';
import { ConstructError } from '../construct-error';
import { duration } from '../props/kinds';
import { optional, record } from '../props/props';

/** Measured parts of the time until a new replica answers. `manara profile` measures the model's. */
export interface ColdStartProps {
  /**
   * Until a node is there that has room; where nodes have to be made.
   * @default - none: nodes have room
   */
  readonly node?: Duration;
  /**
   * Until the node has the server's image.
   * @default - estimated from the size of the image
   */
  readonly imagePull?: Duration;
  /**
   * From the start of the container until the model is loaded, its weights fetched.
   * @default - estimated from the size of the weights
   */
  readonly load?: Duration;
  /**
   * Of the first inference.
   * @default - none: the server makes one of its own before it is ready
   */
  readonly firstInference?: Duration;
}

export const coldStartKind = record({
  node: optional(duration),
  imagePull: optional(duration),
  load: optional(duration),
  firstInference: optional(duration),
});

/** Longer, and no autoscaler is any use. */
const longestSeconds = 3600;

/**
 * @param at name of the engine, for messages
 * @throws ConstructError MANARA_ENGINE for a part that is longer than an hour
 */
export function validateColdStart(at: string, props: ColdStartProps): void {
  for (const [name, given] of Object.entries(props) as [string, Duration | undefined][]) {
    if (given === undefined) continue;
    const seconds = given.toMilliseconds() / 1000;
    if (seconds <= longestSeconds) continue;
    throw new ConstructError(
      'MANARA_ENGINE',
      at,
      `coldStart.${name}: expected a Duration of at most an hour; received ${seconds} s`,
    );
  }
}

/** What is measured, and what is estimated where it is not. */
export function coldStartOf(props: ColdStartProps | undefined, estimated: ColdStart): ColdStart {
  const seconds = (given: Duration | undefined, otherwise: number): number =>
    given === undefined ? otherwise : given.toMilliseconds() / 1000;
  return {
    nodeSeconds: seconds(props?.node, estimated.nodeSeconds),
    imagePullSeconds: seconds(props?.imagePull, estimated.imagePullSeconds),
    loadSeconds: seconds(props?.load, estimated.loadSeconds),
    firstInferenceSeconds: seconds(props?.firstInference, estimated.firstInferenceSeconds),
  };
}
