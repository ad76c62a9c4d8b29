/** What a caller says of cached answers. Source: RFC 9111, 5.2.1; read 2026-11. */
export interface RequestDirectives {
  /** The answer is neither taken from the cache nor kept in it. */
  readonly noStore: boolean;
  /** Greatest age of an answer from the cache, in seconds; 0 for `no-cache`, `Infinity` for any. */
  readonly maxAgeSeconds: number;
}

const anything: RequestDirectives = { noStore: false, maxAgeSeconds: Infinity };

/** @param value - the header Cache-Control; directives that it knows nothing of are passed over. */
export function requestDirectives(value: string | undefined): RequestDirectives {
  if (value === undefined) return anything;
  let { noStore, maxAgeSeconds } = anything;
  for (const directive of value.toLowerCase().split(',')) {
    const [name = '', argument = ''] = directive.split('=').map((part) => part.trim());
    if (name === 'no-store') noStore = true;
    if (name === 'no-cache') maxAgeSeconds = 0;
    // An age that cannot be read is none: nothing old is what can be asked for most.
    if (name === 'max-age') {
      const age = /^"?(\d+)"?$/.exec(argument)?.[1];
      maxAgeSeconds = Math.min(maxAgeSeconds, Number(age ?? 0));
    }
  }
  return { noStore, maxAgeSeconds };
}
