import type { Audit } from '@manara/residency';
import type { IConstruct } from 'constructs';
import { ResidencyZone } from '../residency-zone';
import { auditZone } from '../zone-audit';

/** Checks every zone of a tree, without synthesizing it. */
export function auditTree(root: IConstruct): readonly Audit[] {
  return root.node
    .findAll()
    .filter((c) => ResidencyZone.isResidencyZone(c))
    .map((zone) => auditZone(zone));
}
