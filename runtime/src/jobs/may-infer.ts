import type { Caller } from '../call';
import { errors } from '../errors';
import type { LoadedVersion } from '../repository/loaded-version';

/**
 * Looked at as a job is accepted and whenever it runs: the version may be another one than the gate saw,
 * and the rules may have changed.
 *
 * @throws ServingError FORBIDDEN
 */
export function checkMayInfer(caller: Caller, { model, version }: LoadedVersion): void {
  if (caller.permit('infer', model, version) !== undefined) return;
  throw errors.forbidden(caller.id, 'infer', `model "${model}" version "${version}"`);
}
