import { auditTree, type LateValues } from '@manara/constructs';
import { CliError, messageOf } from './cli-error';
import type { Program } from './load-program';
import { countViolations, formatViolations } from './violations';

/**
 * Runs a reader that validates the tree. Where the tree is refused over residency, the refusal is told
 * as `manara audit` tells it: with the rule, its source and the fix.
 *
 * @param values late values by name, where the reader takes some
 * @throws CliError with every fault
 */
export function validated<T>({ app, file }: Program, read: () => T, values: LateValues = {}): T {
  try {
    return read();
  } catch (error) {
    const violations = auditTree(app, values).flatMap((audit) => audit.violations);
    const faults =
      violations.length === 0
        ? messageOf(error)
        : [countViolations(violations), ...formatViolations(violations)].join('\n\n');
    throw new CliError(`${file} is refused: ${faults}`, { cause: error });
  }
}
