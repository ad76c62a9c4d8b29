import { ServingError } from '../errors';
import type { RunStep } from '../infer';
import type { CheckedRequest } from '../protocol/validate';
import type { LoadedVersion } from '../repository/loaded-version';
import type { Gate } from './gate';
import type { Limiter } from './limits/limiter';

export interface GuardParts {
  readonly gate: Pick<Gate, 'permit'>;
  readonly limiter: Limiter;
  /** Told of each request whose rows are past the limit. */
  readonly limited: (error: ServingError) => void;
}

/**
 * What can be judged only once it is known which version answers, and what the request holds: whether the
 * caller may have that very version (the default may have changed while the body came), and its rows.
 */
export function guardStep({ gate, limiter, limited }: GuardParts): RunStep {
  return async (run, next) => {
    const { version, request, terms } = run;
    const permit = gate.permit(terms, 'infer', version);
    try {
      await limiter.rows(terms.caller, permit, rowsOf(version, request));
    } catch (error) {
      if (error instanceof ServingError) limited(error);
      throw error;
    }
    return next(run);
  };
}

/** The longest first dimension of the inputs whose model leaves it open, whether or not it is batched. */
function rowsOf({ signature }: LoadedVersion, { inputs }: CheckedRequest): number {
  const counts = inputs.flatMap(({ shape }, i) =>
    signature.inputs[i]?.shape[0] === -1 ? (shape[0] ?? 1) : [],
  );
  return Math.max(1, ...counts);
}
