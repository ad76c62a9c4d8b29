import type { DataFlow } from '@manara/residency';
import type { Boundary } from '../boundary';
import type { Resource } from '../resource';
import { inTurn } from '../unknown-value';
import { geoCopies } from './geo-copies';
import { imageFlows } from './images';
import { namedPlaces } from './named-places';
import { placementFlow } from './placement-flow';

const readers = [placementFlow, namedPlaces, imageFlows, geoCopies];

/**
 * The flows that a resource's inputs give away, for the rules of `@manara/residency`.
 *
 * @throws UnknownValueError at the end, where one may be missing because a value is not known yet.
 */
export function flowsOf(resource: Resource, boundary: Boundary): Iterable<DataFlow> {
  return inTurn(readers.map((read) => () => read(resource, boundary)));
}
