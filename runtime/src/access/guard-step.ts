import { errors } from '../errors';
import type { RunStep } from '../infer';
import type { Limiter } from './limits/limiter';

/**
 * What can be judged only once it is known which version answers, and what the request holds: whether the
 * caller may have that very version (the default may have changed while the body came), and its rows.
 */
export function guardStep(limiter: Limiter): RunStep {
  return async (run, next) => {
    const { version, request, terms } = run;
    const { caller } = terms;
    const permit = caller.permit('infer', version.model, version.version);
    if (permit === undefined) {
      const what = `model "${version.model}" version "${version.version}"`;
      throw errors.forbidden(caller.id, 'infer', what);
    }
    const isBatch = version.signature.maxBatchSize > 0;
    await limiter.rows(caller, permit, isBatch ? (request.inputs[0]?.shape[0] ?? 1) : 1);
    return next(run);
  };
}
