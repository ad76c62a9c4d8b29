import type { Readable } from 'node:stream';

/** Weights at the moment they start to flow. */
export interface OpenedSource {
  readonly body: Readable;
  /** Size in bytes, where the source says so. */
  readonly bytes: number | undefined;
}

/** A place that holds one version's file. */
export interface Source {
  /** The URI as it may be logged: without credentials, query and fragment. */
  readonly label: string;
  /**
   * Starts reading from the first byte.
   *
   * @throws FetchError, or an error of the library or the system, which the caller classifies.
   */
  open(signal: AbortSignal): Promise<OpenedSource>;
}

/** A URI that fetch mode cannot read, whatever stands behind it. The message says what it can read. */
export class SourceUriError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SourceUriError';
  }
}
