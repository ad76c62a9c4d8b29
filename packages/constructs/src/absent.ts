import { ConstructError } from './construct-error';

/** Says that a flow does not exist, and why. The reason stands in the audit. */
export class Absent {
  constructor(readonly reason: string) {
    if (reason.trim() === '') {
      throw new ConstructError(
        'MANARA_REASON',
        'none',
        'reason: expected why there is none, received nothing',
      );
    }
  }
}

/**
 * Declares that there is no such flow: `standby: none('one site')`. Leaving a flow out is refused
 * instead, because an auditor cannot tell an absent flow from a forgotten one.
 */
export function none(reason: string): Absent {
  return new Absent(reason);
}
