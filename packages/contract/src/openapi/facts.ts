import type { ModelSignature } from '../signature';

/** What an answer says that it comes from. */
export interface ApiName {
  readonly model: string;
  readonly version: number;
}

/** A version that answers requests. */
export interface ApiVersion extends ApiName {
  /** Whether it answers where a path names no version. */
  readonly isDefault: boolean;
  /** Versions of the model that are chosen of where a path names none. @default - it has no variants */
  readonly variants?: readonly number[] | undefined;
  /** Models that answer in its place where it cannot. @default - it has no fallbacks, models or other */
  readonly standIns?: readonly ApiName[] | undefined;
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

/** What a server may be configured to do, or not: the routes of what is off stand in no document. */
export type ApiFeature = 'jobs' | 'batches' | 'feedback' | 'administration' | 'control';

/** The ways to be identified that a server accepts. */
export interface ApiIdentity {
  readonly apiKeys: boolean;
  readonly tokens: boolean;
  readonly certificates: boolean;
}

export interface ApiFacts {
  /** Of the server. */
  readonly version: string;
  readonly versions: readonly ApiVersion[];
  /** @default - not known: a code is any text */
  readonly errors: readonly ApiError[] | undefined;
  readonly features: readonly ApiFeature[];
  /** @default - nobody is asked who they are */
  readonly identity: ApiIdentity | undefined;
}
