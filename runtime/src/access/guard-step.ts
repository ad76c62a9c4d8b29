import { headers } from '@manara/contract';
import { errors, ServingError } from '../errors';
import type { Run, RunStep } from '../infer';
import type { CheckedRequest } from '../protocol/validate';
import type { LoadedVersion } from '../repository/loaded-version';
import { parseTraceparent } from '../telemetry/trace-context';
import type { AuditLog } from './audit';
import type { Limiter } from './limits/limiter';

export interface GuardParts {
  readonly limiter: Limiter;
  /** Where it is noted whom the rules refuse. */
  readonly audit: AuditLog;
  /** Told of each request that is not let through. */
  readonly refused: (error: ServingError) => void;
}

/**
 * What can be judged only once it is known which version answers, and what the request holds: whether the
 * caller may have that very version (the default may have changed while the body came), and its rows.
 */
export function guardStep(parts: GuardParts): RunStep {
  return async (run, next) => {
    try {
      await guard(parts, run);
    } catch (error) {
      if (error instanceof ServingError) parts.refused(error);
      throw error;
    }
    return next(run);
  };
}

async function guard({ limiter, audit }: GuardParts, run: Run): Promise<void> {
  const { version, request, terms } = run;
  const { caller } = terms;
  const permit = caller.permit('infer', version.model, version.version);
  if (permit === undefined) {
    audit.note({
      caller: caller.id,
      verb: 'infer',
      action: 'infer',
      protocol: terms.protocol ?? 'job',
      model: version.model,
      version: String(version.version),
      traceId: parseTraceparent(terms.header(headers.traceparent))?.traceId,
      outcome: 'refused',
    });
    const what = `model "${version.model}" version "${version.version}"`;
    throw errors.forbidden(caller.id, 'infer', what);
  }
  await limiter.rows(caller, permit, rowsOf(version, request));
}

/** The longest first dimension of the inputs whose model leaves it open, whether or not it is batched. */
function rowsOf({ signature }: LoadedVersion, { inputs }: CheckedRequest): number {
  const counts = inputs.flatMap(({ shape }, i) =>
    signature.inputs[i]?.shape[0] === -1 ? (shape[0] ?? 1) : [],
  );
  return Math.max(1, ...counts);
}
