import { define } from './catalogue';

/** Of who asks, and whether they may. */
export const accessErrors = {
  unauthenticated: define(
    'UNAUTHENTICATED',
    401,
    'UNAUTHENTICATED',
    (why: string, how: string) => `Nobody is identified: ${why}; ${how}`,
  ),
  forbidden: define(
    'FORBIDDEN',
    403,
    'PERMISSION_DENIED',
    (caller: string, verb: string, what: string) =>
      `Caller "${caller}" may not "${verb}" ${what}; no rule of the server allows it`,
  ),
  rateLimited: define(
    'RATE_LIMITED',
    429,
    'RESOURCE_EXHAUSTED',
    (caller: string, limit: string, seconds: number) =>
      `Caller "${caller}" is beyond its limit of ${limit}; try again in ${seconds} s`,
    (_caller, _limit, seconds) => seconds,
  ),
  identityUnavailable: define(
    'IDENTITY_UNAVAILABLE',
    503,
    'UNAVAILABLE',
    (issuer: string) =>
      `The keys of issuer "${issuer}" cannot be had, so its tokens cannot be checked`,
  ),
  auditUnavailable: define(
    'AUDIT_UNAVAILABLE',
    503,
    'UNAVAILABLE',
    () => 'The audit log cannot be written, and what belongs into it is not done without',
  ),
} as const;
