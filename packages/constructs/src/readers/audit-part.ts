import { type Audit, audit } from '@manara/residency';
import type { IConstruct } from 'constructs';
import { dataFlows, declaresFlows } from '../flows/data-flows';
import { undeclaredFlows } from '../flows/manifest-flows';
import type { ResidencyZone } from '../residency-zone';
import type { Site } from '../site';

/** Objects of a construct in a site. */
export interface SitePart {
  readonly site: Site;
  readonly root: IConstruct;
}

/**
 * Checks a part of a zone by itself, for readers that take a tree piece by piece while it grows: the
 * flows that `owner` declares, and what its objects let out without declaring it.
 */
export function auditPart(
  zone: ResidencyZone,
  owner: IConstruct,
  parts: readonly SitePart[],
): Audit {
  const roots = [owner, ...parts.map(({ root }) => root)];
  const declared = [...new Set(roots.flatMap((root) => root.node.findAll()))]
    .filter(declaresFlows)
    .flatMap((construct) => construct[dataFlows]());
  const undeclared = parts.flatMap(({ site, root }) => undeclaredFlows(site, declared, root));
  return audit(zone, [...declared, ...undeclared]);
}
