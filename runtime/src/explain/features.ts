import type { ExplanationDescription } from '@manara/contract';
import type { Feature } from './coalition-game';

/** Features of a row, with the names that they have. */
export interface FeatureSet {
  readonly features: readonly Feature[];
  /** One per feature. @default - they have none */
  readonly names: readonly string[] | undefined;
  /** Whether some feature is more than one element. */
  readonly isGrouped: boolean;
}

/** Groups of elements, each explained as one feature. */
export interface Group {
  /** @default - the names of its elements */
  readonly name?: string;
  readonly elements: readonly number[];
}

/**
 * The features of a row: its groups, in their order, then each element that is in none.
 *
 * @param names - of the elements. @default - they have none
 * @throws Error where a group names an element that is not there, or one that another has.
 */
export function featureSet(
  elements: number,
  names: readonly string[] | undefined,
  groups: readonly Group[],
): FeatureSet {
  const taken = new Uint8Array(elements);
  for (const [i, group] of groups.entries()) {
    for (const element of group.elements) {
      if (element >= elements) {
        throw new Error(`group ${i} holds element ${element}; the row has ${elements}`);
      }
      if (taken[element] === 1)
        throw new Error(`element ${element} stands in two groups, or twice`);
      taken[element] = 1;
    }
  }
  const isNamed = names !== undefined || groups.some(({ name }) => name !== undefined);
  const nameOf = (element: number): string => names?.[element] ?? String(element);
  const features: Feature[] = groups.map((group) => group.elements);
  const featureNames = groups.map(({ name, elements: own }) => name ?? own.map(nameOf).join('+'));
  for (let element = 0; element < elements; element++) {
    if (taken[element] === 1) continue;
    features.push([element]);
    if (isNamed) featureNames.push(nameOf(element));
  }
  return { features, names: isNamed ? featureNames : undefined, isGrouped: groups.length > 0 };
}

/**
 * The groups of an `explain.json`, their features found by name.
 *
 * @throws Error naming a feature that there is none of.
 */
export function namedGroups({
  groups = [],
  features = [],
}: ExplanationDescription): readonly Group[] {
  return groups.map(({ name, features: members }) => ({
    name,
    elements: members.map((member) => {
      if (typeof member === 'number') return member;
      const place = features.indexOf(member);
      if (place >= 0) return place;
      throw new Error(
        `groups: "${name}" holds ${JSON.stringify(member)}, which "features" does not name`,
      );
    }),
  }));
}
