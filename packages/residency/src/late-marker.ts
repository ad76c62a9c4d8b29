/**
 * What stands in a text for a value that is known only after deployment: `${late:bucket-uri}`.
 * The constructs write it; a rule that reads an address skips one that contains it.
 */
export const lateMarker = /\$\{late:[^}]+\}/;

/** Whether a text is, wholly or partly, known only after deployment. */
export function isLate(text: string): boolean {
  return lateMarker.test(text);
}
