/** A caller's place in a distributed trace. */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  readonly traceFlags: number;
  /** What other systems keep there, as it came. */
  readonly traceState?: string;
}

const pattern =
  /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/**
 * Reads a `traceparent` header; `undefined` where there is none or it is malformed, which by the
 * standard starts a new trace. Source: W3C Trace Context, "traceparent Header"; read 2026-11.
 *
 * @param tracestate - the header of that name, which belongs to it.
 */
export function parseTraceparent(
  header: string | undefined,
  tracestate?: string,
): TraceContext | undefined {
  if (header === undefined) return undefined;
  const match = pattern.exec(header.trim());
  const [, traceId, spanId, flags] = match ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  // Version 00 has exactly four parts; later ones may add more.
  if (header.startsWith('00') && match?.[4] !== undefined) return undefined;
  const context = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) };
  return tracestate === undefined ? context : { ...context, traceState: tracestate };
}
