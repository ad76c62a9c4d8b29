import type { ApiError } from './facts';
import { exactObject, type JsonObject, jsonContent } from './json-schema';
import { errorStatuses } from './operations';

/** The errors of a route, by status. */
export function errorsOf(statuses: readonly number[]): Record<string, JsonObject> {
  return Object.fromEntries(
    errorStatuses(statuses).map((status) => [
      status,
      { $ref: `#/components/responses/Error${status}` },
    ]),
  );
}

/** What errors of each status are: shared by all routes. */
export function errorResponses(errors: readonly ApiError[]): Record<string, JsonObject> {
  return Object.fromEntries(
    [...codesByStatus(errors)].map(([status, codes]) => [
      `Error${status}`,
      {
        description: codes.join(', '),
        headers: {
          'retry-after': {
            description: 'Seconds after which the same request may be answered.',
            schema: { type: 'integer', minimum: 1 },
          },
        },
        content: jsonContent(
          exactObject({ error: { type: 'string', maxLength: 800 }, code: { enum: codes } }),
        ),
      },
    ]),
  );
}

function codesByStatus(errors: readonly ApiError[]): ReadonlyMap<number, readonly string[]> {
  const codes = new Map<number, string[]>();
  for (const { code, httpStatus } of errors) {
    codes.set(httpStatus, [...(codes.get(httpStatus) ?? []), code]);
  }
  return codes;
}
