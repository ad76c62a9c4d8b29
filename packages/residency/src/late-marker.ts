/**
 * What stands in a text for a value that is known only after deployment: `${late:bucket-uri}`.
 * The constructs write it; a rule that reads an address skips one that contains it.
 */
export const lateMarker = /\$\{late:[^}]+\}/;

/** Whether a text is, wholly or partly, known only after deployment. */
export function isLate(text: string): boolean {
  return lateMarker.test(text);
}

/**
 * Names of the values that a text waits for, each once. A second source of one name has a marker of its
 * own, `${late:bucket-uri~2}`; the name is the same.
 */
export function lateNamesIn(text: string): readonly string[] {
  const markers = text.match(new RegExp(lateMarker, 'g')) ?? [];
  return [
    ...new Set(markers.map((marker) => marker.slice('${late:'.length, -1).replace(/~\d+$/, ''))),
  ];
}
