import {
  type Audit,
  audit,
  mapAddresses,
  type ResidencyZone,
  type Violation,
} from '@manara/residency';
import type { Construct } from 'constructs';
import { declaresFlows, dataFlows } from './data-flows';
import { fillIfKnown, type LateValues } from '../late/late';
import { undeclaredFlows, undeclaredOutsideSites } from './manifest-flows';
import { Site } from '../site';

/**
 * Checks a zone: the flows that its constructs declare, and those that manifests hold without declaring
 * them, in its sites and beside them.
 */
export function auditZone(zone: Construct & ResidencyZone): Audit {
  const constructs = zone.node.findAll();
  const declared = constructs.filter(declaresFlows).flatMap((c) => c[dataFlows]());
  const undeclared = constructs
    .filter((c) => Site.isSite(c))
    .flatMap((site) => undeclaredFlows(site, declared));
  return audit(zone, [...declared, ...undeclared, ...undeclaredOutsideSites(zone)]);
}

/** The same check with the late addresses that `values` knows; the others stay unjudged. */
export function auditFilled({ zone, flows }: Audit, values: LateValues): Audit {
  const fill = (address: string): string => fillIfKnown(address, values);
  return audit(
    zone,
    flows.map((flow) => mapAddresses(flow, fill)),
  );
}

/** Lines of a failed synth: one for each fault, however many versions or objects share it. */
export function refusals(violations: readonly Violation[]): readonly string[] {
  const owners = new Map<string, Set<string>>();
  for (const violation of violations) {
    const fault = refusalOf(violation);
    owners.set(fault, (owners.get(fault) ?? new Set()).add(violation.flow.owner));
  }
  return [...owners].map(([fault, of]) => fault.replace(ownersHere, [...of].join(', ')));
}

const ownersHere = '\0';

function refusalOf({ flow, rule, verdict }: Violation): string {
  const source = rule.sources.map((s) => s.title).join('; ');
  return `${flow.kind} flow of ${ownersHere}: ${verdict.because}; rule ${rule.id} (${source}); fix: ${verdict.fix}`;
}
