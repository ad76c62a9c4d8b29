import { type LateValue, splitLate } from '@manara/constructs';

/**
 * The late values that text waits for, those behind computed ones included.
 *
 * @throws ConstructError MANARA_LATE for a marker that this process never made
 */
export function lateValues(text: string): readonly LateValue[] {
  return splitLate(text).flatMap((part) => {
    if (typeof part === 'string') return [];
    return part.derived === undefined ? [part] : lateValues(part.derived.text);
  });
}
