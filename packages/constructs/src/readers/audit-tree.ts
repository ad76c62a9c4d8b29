import type { Audit } from '@manara/residency';
import type { IConstruct } from 'constructs';
import type { LateValues } from '../late/late';
import { ResidencyZone } from '../residency-zone';
import { auditFilled, auditZone } from '../flows/zone-audit';

/**
 * Checks every zone of a tree, without synthesizing it.
 *
 * @param values late values by name; an address that holds one which is missing here is not judged
 */
export function auditTree(root: IConstruct, values: LateValues = {}): readonly Audit[] {
  const audits = root.node
    .findAll()
    .filter((c) => ResidencyZone.isResidencyZone(c))
    .map((zone) => auditZone(zone));
  return Object.keys(values).length === 0
    ? audits
    : audits.map((audit) => auditFilled(audit, values));
}
