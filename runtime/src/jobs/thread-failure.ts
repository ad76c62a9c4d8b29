import { type GrpcStatusName, ServingError } from '../errors';

/** An error on its way between threads, where classes do not survive. */
export interface ThreadFailure {
  /** Of a ServingError. */
  readonly refused?: {
    readonly code: string;
    readonly httpStatus: number;
    readonly grpcStatus: GrpcStatusName;
    readonly retryAfterSeconds?: number | undefined;
  };
  readonly message: string;
}

export function failureOf(error: unknown): ThreadFailure {
  if (!(error instanceof ServingError)) {
    return { message: error instanceof Error ? error.message : String(error) };
  }
  const { code, httpStatus, grpcStatus, retryAfterSeconds, message } = error;
  return { refused: { code, httpStatus, grpcStatus, retryAfterSeconds }, message };
}

export function errorOf({ refused, message }: ThreadFailure): Error {
  if (refused === undefined) return new Error(message);
  const { code, httpStatus, grpcStatus, retryAfterSeconds } = refused;
  return new ServingError(code, httpStatus, grpcStatus, message, retryAfterSeconds);
}
