import type { Boundary } from '../boundary';
import type { Placement } from '../placement';
import type { Resource } from '../resource';

/** How one cloud's resources say where they are. */
export interface CloudReader {
  /** The Pulumi package. */
  readonly package: string;
  placementOf(resource: Resource, boundary: Boundary): Placement;
  /** The place that a text among the inputs names: a region, a zone, an ARN, an address. `undefined` for any other text. */
  placeNamedIn(text: string): string | undefined;
}
