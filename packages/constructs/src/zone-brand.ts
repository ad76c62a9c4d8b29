import type { IConstruct } from 'constructs';

/** Two copies of this package, in one tree, must know each other's zones. */
export const zoneBrand = Symbol.for('@manara/constructs.ResidencyZone');

/** Whether a construct is a `ResidencyZone`, for what that class itself depends on. */
export function isZone(construct: IConstruct): boolean {
  return zoneBrand in construct;
}
