import { placeFact, type Place } from '@manara/residency';

/**
 * The numbers that a subscription knows a region's availability zones by. Which building a number
 * stands for differs between subscriptions.
 */
const numbers = ['1', '2', '3'] as const;

/**
 * Availability zones of a place; none where the region has none, as `azure:uaecentral`. A region of
 * which the table says nothing is taken to have three, as every region with zones has: inferred, so
 * that Azure's own refusal is the check.
 *
 * Source: the table of places in `@manara/residency`, from MicrosoftDocs, read 2026-11-22.
 */
export function zonesOf(place: Place): readonly string[] {
  return placeFact(place)?.zones?.length === 0 ? [] : numbers;
}
