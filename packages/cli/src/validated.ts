import { auditTree } from '@manara/constructs';
import { CliError, messageOf } from './cli-error';
import type { Program } from './load-program';
import { countViolations, formatViolations } from './violations';

/**
 * Runs a reader that validates the tree. Where the tree is refused over residency, the refusal is told
 * as `manara audit` tells it: with the rule, its source and the fix.
 *
 * @throws CliError with every fault
 */
export function validated<T>({ app, file }: Program, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const violations = auditTree(app).flatMap((audit) => audit.violations);
    const faults =
      violations.length === 0
        ? messageOf(error)
        : [countViolations(violations), ...formatViolations(violations)].join('\n\n');
    throw new CliError(`${file} is refused: ${faults}`, { cause: error });
  }
}
