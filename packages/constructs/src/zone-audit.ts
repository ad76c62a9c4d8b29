import { type Audit, audit, type ResidencyZone, type Violation } from '@manara/residency';
import type { Construct } from 'constructs';
import { declaresFlows, dataFlows } from './data-flows';
import { undeclaredFlows } from './manifest-flows';
import { Site } from './site';

/**
 * Checks a zone: the flows that its constructs declare, and those that its sites' manifests hold
 * without declaring them.
 */
export function auditZone(zone: Construct & ResidencyZone): Audit {
  const constructs = zone.node.findAll();
  const declared = constructs.filter(declaresFlows).flatMap((c) => c[dataFlows]());
  const undeclared = constructs
    .filter((c) => Site.isSite(c))
    .flatMap((site) => undeclaredFlows(site, declared));
  return audit(zone, [...declared, ...undeclared]);
}

/** One line of a failed synth. */
export function refusalOf({ flow, rule, verdict }: Violation): string {
  const source = rule.sources.map((s) => s.title).join('; ');
  return `${flow.kind} flow of ${flow.owner}: ${verdict.because}; rule ${rule.id} (${source}); fix: ${verdict.fix}`;
}
