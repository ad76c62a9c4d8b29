import { placeFact, type Place } from '../place';

/**
 * The numbers that a subscription of Azure knows a region's availability zones by. Which building a
 * number stands for differs between subscriptions.
 */
const azureNumbers = ['1', '2', '3'] as const;

/**
 * Availability zones of a place; `undefined` where nothing is known of them. At AWS they are ids, which
 * mean the same building in every account. A region of Azure of which the table of places says nothing
 * is taken to have three, as every region with zones has: inferred, so that Azure's own refusal is the
 * check.
 *
 * Source: the table of places, from the providers, read 2026-11-22.
 */
export function availabilityZones(place: Place): readonly string[] | undefined {
  const known = placeFact(place)?.zones;
  if (!place.startsWith('azure:')) return known;
  return known?.length === 0 ? [] : azureNumbers;
}
