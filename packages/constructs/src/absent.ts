import { ConstructError } from './construct-error';

/** Two copies of this package, in one program, must know each other's absences. */
const brand = Symbol.for('@manara/constructs.Absent');

/** Says that a flow does not exist, and why. The reason stands in the audit. */
export class Absent {
  static isAbsent(x: unknown): x is Absent {
    return typeof x === 'object' && x !== null && brand in x;
  }

  /** @throws ConstructError MANARA_REASON for an empty reason */
  constructor(readonly reason: string) {
    Object.defineProperty(this, brand, { value: true });
    if (typeof reason !== 'string' || reason.trim() === '') {
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
 *
 * @throws ConstructError MANARA_REASON for an empty reason
 */
export function none(reason: string): Absent {
  return new Absent(reason);
}

/**
 * What is declared, or `undefined` where it is said to be absent. What a cast left out counts as absent
 * here, so that the tree still lowers and the residency check can refuse it by its rule.
 */
export function unlessAbsent<T extends object>(declared: T | Absent | undefined): T | undefined {
  return Absent.isAbsent(declared) ? undefined : declared;
}
