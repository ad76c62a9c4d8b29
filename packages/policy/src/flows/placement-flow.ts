import type { DataFlow } from '@manara/residency';
import type { Boundary } from '../boundary';
import { placementOf } from '../clouds';
import type { Resource } from '../resource';
import { label, moves, undeclared } from './movement';

/** What the stack puts into a resource is where the resource is. */
export function* placementFlow(resource: Resource, boundary: Boundary): Iterable<DataFlow> {
  const placement = placementOf(resource, boundary);
  if (placement.status === 'untold') {
    yield undeclared(resource, boundary, 'artifact', placement.why, placement.fix);
  }
  if (placement.status === 'placed') {
    const end = { name: label(resource), place: placement.place };
    yield moves(resource, 'artifact', end, end, boundary.zone.data);
  }
}
