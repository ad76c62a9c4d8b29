import { formatViolation, type Violation } from '@manara/residency';
import { DeployError } from './deploy-error';

/**
 * Throws where there are violations, each said once: versions of a model, say, share a bucket and so its
 * fault.
 *
 * @param preamble lines before them
 * @throws DeployError MANARA_RESIDENCY
 */
export function refuseViolations(violations: readonly Violation[], preamble = ''): void {
  if (violations.length === 0) return;
  const lines = new Set(violations.map(formatViolation));
  throw new DeployError('MANARA_RESIDENCY', `${preamble}${[...lines].join('\n')}\n`);
}
