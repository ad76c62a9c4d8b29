import type { IConstruct } from 'constructs';
import type { EndpointSpec, LoweredWorkload } from '../engines/lowering';
import type { ResidencyZone } from '../residency-zone';

/** Key of the method by which a construct in a zone holds each endpoint to what a lost place may cost. */
export const checkRecovery = Symbol.for('@manara/constructs.checkRecovery');

/** What a rule reads of an endpoint. */
export interface RecoverableEndpoint extends Pick<EndpointSpec, 'path' | 'weights'> {
  readonly workloads: readonly LoweredWorkload[];
}

export interface RecoveryRule {
  /** @throws ConstructError MANARA_RECOVERY */
  [checkRecovery](endpoint: RecoverableEndpoint): void;
}

/** Rules of a zone that there are already; those that come later check the endpoints that they find. */
export function recoveryRules(zone: ResidencyZone): readonly RecoveryRule[] {
  return zone.node.children.filter(
    (child): child is IConstruct & RecoveryRule => checkRecovery in child,
  );
}
