import type { DataFlow } from '@manara/residency';
import type { Boundary } from '../boundary';
import { placementOf, readerOf } from '../clouds';
import { placedAt } from '../placement';
import { leaves } from '../read';
import type { Resource } from '../resource';
import { label, moves, undeclared } from './movement';

/** Inputs that describe, and move nothing. */
const descriptive: ReadonlySet<string> = new Set(['description', 'tags', 'tagsAll', '__defaults']);

/**
 * A region, a zone, an ARN or an address among a resource's inputs is the other end of something: a replica, a copy, a
 * peer, a key, the source of a restore. Each other place that is named is taken for a copy between the two.
 */
export function* namedPlaces(resource: Resource, boundary: Boundary): Iterable<DataFlow> {
  const reader = readerOf(resource);
  if (reader === undefined) return;
  const placement = placementOf(resource, boundary);
  const home = placement.status === 'placed' ? placement.place : undefined;
  const seen = new Set<string | undefined>([home]);
  for (const { path, text } of leaves(resource.props, descriptive)) {
    const named = boundary.located.get(text) ?? reader.placeNamedIn(text);
    if (named === undefined || seen.has(named)) continue;
    seen.add(named);
    const other = placedAt(named);
    if (other.status === 'placed') {
      const to = { name: `${label(resource)}, ${path}`, place: other.place };
      const from = { name: label(resource), place: home ?? other.place };
      yield moves(resource, 'standby', from, to, boundary.zone.data);
    } else if (other.status === 'untold') {
      yield undeclared(resource, boundary, 'standby', `${path}: ${other.why}`, other.fix);
    }
  }
}
