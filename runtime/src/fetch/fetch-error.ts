/**
 * Codes of faults that pass by themselves: the connection broke, was refused or timed out, or a
 * name did not resolve yet. Faults of this machine (a full disk, a missing right) are not among
 * them. Sources: Node.js, "Common system errors"; undici, "Errors"; read 2026-11.
 */
const passingCodes: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ETIMEDOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_SOCKET',
]);

/** HTTP statuses that say "later", besides all of 5xx. */
const passingStatuses: ReadonlySet<number> = new Set([408, 425, 429]);

/** Why one version could not be brought. The message names its URI, without credentials and query. */
export class FetchError extends Error {
  constructor(
    message: string,
    /** Whether the same request may work in a moment. */
    readonly passing: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'FetchError';
  }
}

/** What an earlier try began to read is there no more: the file must be read from its first byte. */
export class SourceChanged extends FetchError {
  constructor(label: string, options?: ErrorOptions) {
    super(
      `${label}: its content is not the one that an earlier try began to read; starting anew`,
      true,
      options,
    );
    this.name = 'SourceChanged';
  }
}

export function isPassingStatus(status: number): boolean {
  return status >= 500 || passingStatuses.has(status);
}

/** Puts a fault of a library or of the system into a `FetchError` about `uri`. */
export function toFetchError(uri: string, error: unknown): FetchError {
  if (error instanceof FetchError) return error;
  const chain = causes(error);
  const reason = chain
    .map(describe)
    .filter((text, i, all) => text !== '' && all.indexOf(text) === i)
    .join(': ');
  return new FetchError(
    `${uri}: ${reason}`,
    chain.some((e) => passingCodes.has(codeOf(e))),
    { cause: error },
  );
}

/** The error and what caused it, outermost first; fetch says only "fetch failed" itself. */
function causes(error: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  for (let e = error; e !== undefined && !chain.includes(e);) {
    chain.push(e);
    e = e instanceof Error ? e.cause : undefined;
  }
  return chain;
}

/** An error's message; its code where, as for a refused connection to several addresses, it has none. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === '' ? codeOf(error) : error.message;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';
}
