import type { ApiError } from './facts';
import { exactObject, type JsonObject, jsonContent } from './json-schema';
import { errorStatuses, inferenceErrors, operations } from './operations';

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
export function errorResponses(
  errors: readonly ApiError[] | undefined,
): Record<string, JsonObject> {
  const known = errors === undefined ? unknownCodes() : codesByStatus(errors);
  return Object.fromEntries(
    [...known].map(([status, codes]) => [
      `Error${status}`,
      {
        description: codes?.join(', ') ?? `Refused or failed with status ${status}`,
        headers: {
          'retry-after': {
            description: 'Seconds after which the same request may be answered.',
            schema: { type: 'integer', minimum: 1 },
          },
        },
        content: jsonContent(
          exactObject({
            error: { type: 'string', maxLength: 800 },
            code: codes === undefined ? { type: 'string' } : { enum: codes },
          }),
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

/** Every status that an operation may answer with. */
function unknownCodes(): ReadonlyMap<number, undefined> {
  const own = Object.values(operations).flatMap(({ errors }) => errors);
  const statuses = new Set(errorStatuses([...own, ...inferenceErrors]));
  return new Map([...statuses].map((status) => [status, undefined]));
}
