import { type LateValue, splitLate } from '@manara/constructs';

/**
 * The late values that text waits for.
 *
 * @throws ConstructError MANARA_LATE for a marker that this process never made
 */
export function lateValues(text: string): readonly LateValue[] {
  return splitLate(text).filter((part) => typeof part !== 'string');
}
