/** Seconds without a byte taken after which a caller does not read its answer any more. */
export const stallSeconds = 30;

/** A socket, or a stream of HTTP/2. Both look for progress before they say that time is up. */
interface Written {
  readonly writableLength: number;
  setTimeout(millis: number): unknown;
  once(event: 'timeout', listener: () => void): unknown;
  off(event: 'timeout', listener: () => void): unknown;
}

/**
 * To be called once an answer is written: ends a connection whose caller takes nothing of what waits
 * for it, as it would be kept in memory for as long as the caller likes.
 *
 * @param end - cuts the connection, or the stream.
 * @returns to be called once the answer is gone, or the connection.
 */
export function endIfStalled(to: Written, end: () => void): () => void {
  // The system took it all, which is so for almost every answer.
  if (to.writableLength === 0) return nothing;
  to.once('timeout', end);
  to.setTimeout(stallSeconds * 1000);
  return () => {
    to.off('timeout', end);
    to.setTimeout(0);
  };
}

function nothing(): void {
  // Nothing was waited for.
}
