import type { ModelSignature } from '../signature';

/** A version that answers requests. */
export interface ApiVersion {
  readonly model: string;
  readonly version: number;
  /** Whether it answers where a path names no version. */
  readonly isDefault: boolean;
  readonly signature: ModelSignature;
  /** Greatest first dimension; 0 where the model does not batch. */
  readonly maxBatchSize: number;
  /** Whether a request of zeros is known to be answered in JSON, and so makes an example. */
  readonly answersZeros: boolean;
}

/** An error that callers can see. */
export interface ApiError {
  readonly code: string;
  readonly httpStatus: number;
}

export interface ApiFacts {
  /** Of the server. */
  readonly version: string;
  readonly versions: readonly ApiVersion[];
  readonly errors: readonly ApiError[];
}
