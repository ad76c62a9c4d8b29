import { parsePlace, type Place, ResidencyError } from '@manara/residency';

/** Where a resource is, as far as its inputs tell. */
export type Placement =
  | { readonly status: 'placed'; readonly place: Place }
  /** It is where its parent is, or holds no data at all. */
  | { readonly status: 'placeless' }
  /** It should say, and does not. */
  | { readonly status: 'untold'; readonly why: string; readonly fix: string };

export const placeless: Placement = { status: 'placeless' };

export function untold(why: string, fix: string): Placement {
  return { status: 'untold', why, fix };
}

/** The placement that a cloud's region gives; untold for a region that the table of places has not. */
export function placedAt(place: string): Placement {
  try {
    return { status: 'placed', place: parsePlace(place) };
  } catch (error) {
    if (!(error instanceof ResidencyError)) throw error;
    return untold(`its place is not known: ${error.message}`, 'use a region of the zone');
  }
}
