import { type GrpcStatusName, ServingError } from './serving-error';

/** A code of the catalogue, and the status that it comes with over HTTP. */
export interface CatalogueEntry {
  readonly code: string;
  readonly httpStatus: number;
}

/** Every code of the catalogue, filled by `define`. */
export const catalogue: CatalogueEntry[] = [];

/** @returns what makes an error of the values that its message names. */
export function define<A extends readonly unknown[]>(
  code: string,
  httpStatus: number,
  grpcStatus: GrpcStatusName,
  message: (...values: A) => string,
  retryAfterSeconds?: (...values: A) => number,
): (...values: A) => ServingError {
  catalogue.push({ code, httpStatus });
  return (...values) =>
    new ServingError(
      code,
      httpStatus,
      grpcStatus,
      message(...values),
      retryAfterSeconds?.(...values),
    );
}
