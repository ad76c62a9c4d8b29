import type { Place, Source } from '@manara/residency';

/** Where Azure keeps the second copy of what is geo-redundant: a region's pair, which nobody can choose. */
const pairs: Readonly<Partial<Record<Place, Place>>> = {
  'azure:uaenorth': 'azure:uaecentral',
  'azure:uaecentral': 'azure:uaenorth',
};

export const azurePairsSource: Source = {
  title: 'List of Azure regions: paired region (2025-03)',
  where: 'MicrosoftDocs on GitHub, regions-list.md',
  standing: 'primary',
  read: '2026-11-22',
};

/** `undefined` for a region whose pair was not read; every one outside the UAE. */
export function pairOf(place: Place): Place | undefined {
  return pairs[place];
}
