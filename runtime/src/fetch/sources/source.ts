import type { Readable } from 'node:stream';

/** How far an earlier try came. */
export interface ResumePoint {
  /** Bytes that are there already. */
  readonly offset: number;
  /** What the source called the content that they are of, where it said so. */
  readonly etag?: string | undefined;
}

/** Weights at the moment they start to flow. */
export interface OpenedSource {
  readonly body: Readable;
  /** Position of the body's first byte in the file: where the earlier try ended, or 0. */
  readonly offset: number;
  /** Size of the whole file in bytes, where the source says so. */
  readonly bytes: number | undefined;
  /** What the source calls this content: as long as it is the same, so are the bytes. */
  readonly etag: string | undefined;
  /** SHA-256 that the source itself states, where it does. */
  readonly sha256?: string;
}

/** A place that holds one version's file. */
export interface Source {
  /** The URI as it may be logged: without credentials, query and fragment. */
  readonly label: string;
  /**
   * Starts reading where an earlier try ended, or, if the source cannot, from the first byte.
   *
   * @throws SourceChanged where that try read another content; FetchError, or an error of the
   * library or the system, which the caller classifies.
   */
  open(from: ResumePoint, signal: AbortSignal): Promise<OpenedSource>;
}

/** What the command line says of all sources. */
export interface SourceOptions {
  /** Hosts, with their port where it is not 443, that a source may lead to besides its own. */
  readonly allowedHosts: readonly string[];
}

/** A URI that fetch mode cannot read, whatever stands behind it. The message says what it can read. */
export class SourceUriError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SourceUriError';
  }
}
