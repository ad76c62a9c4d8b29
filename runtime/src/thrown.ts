/** All that is known of what was thrown, for the log: callers are not told. */
export function detailOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}
