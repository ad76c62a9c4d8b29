import type { Place } from '@manara/residency';
import { DeployError } from '../deploy-error';
import type { CloudComponentArgs } from './cloud-component';
import { type CloudKind, componentTitle } from './cloud-node';

/**
 * Checks that another component, or a site, belongs where this one does.
 *
 * @throws DeployError MANARA_PLACE
 */
export function checkNeighbour(
  kind: CloudKind,
  name: string,
  arg: string,
  { zone, place }: CloudComponentArgs<Place>,
  other: CloudComponentArgs<Place>,
): void {
  // A place outside the zone is refused by the residency check, which says more.
  if (!zone.places.includes(place) || (other.zone === zone && other.place === place)) return;
  throw new DeployError(
    'MANARA_PLACE',
    `${componentTitle(kind, name)}: ${arg}: expected one of zone "${zone.name}" at ${place}; received one of ${other.zone === zone ? 'that zone' : `another zone, "${other.zone.name}",`} at ${other.place}`,
  );
}
