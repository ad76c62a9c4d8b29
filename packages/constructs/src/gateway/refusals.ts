/** An answer of the proxy itself: what it is recognized by, and what callers get. */
interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly error: string;
}

/**
 * What callers are told by the gateway itself, in the form of the servers' own errors. Documented in
 * docs/constructs/inference-gateway.md; a code is never reused for something else.
 */
export const refusals = {
  anonymous: {
    status: 401,
    code: 'GATEWAY_TOKEN_MISSING',
    error: 'This needs a token for it: send "Authorization: Bearer TOKEN"',
  },
  invalidToken: {
    status: 401,
    code: 'GATEWAY_TOKEN_INVALID',
    error: 'The token is malformed, expired, or not signed by a known key of its issuer',
  },
  forbidden: {
    status: 403,
    code: 'GATEWAY_FORBIDDEN',
    error: 'The caller may not do this',
  },
  unknown: { status: 404, code: 'GATEWAY_NOT_FOUND', error: 'There is no such endpoint here' },
  tooLarge: {
    status: 413,
    code: 'GATEWAY_REQUEST_TOO_LARGE',
    error: 'The request is larger than any endpoint here takes',
  },
  tooMany: {
    status: 429,
    code: 'GATEWAY_TOO_MANY_REQUESTS',
    error: 'More requests than the caller may send; retry-after says when to send the next',
  },
  unavailable: {
    status: 503,
    code: 'GATEWAY_ENDPOINT_UNAVAILABLE',
    error: 'No server of the endpoint answers',
  },
  late: {
    status: 504,
    code: 'GATEWAY_TIMEOUT',
    error: 'The endpoint did not answer in time',
  },
} as const satisfies Readonly<Record<string, Refusal>>;

/**
 * How the proxy writes its own answers. The mesh refuses a caller without a token as it refuses one who
 * may not: the first is told to bring one.
 *
 * Source: Envoy 1.40, "Local reply modification"; read 2026-11.
 */
export function localReplies(): object {
  const { anonymous, ...others } = refusals;
  return {
    mappers: [
      // The contract is an answer of the proxy itself, too.
      { filter: statusIs(200), body_format_override: asItIs },
      {
        filter: { and_filter: { filters: [statusIs(403), withoutToken] } },
        ...answer(anonymous),
        status_code: anonymous.status,
        headers_to_add: [header('www-authenticate', 'Bearer')],
      },
      ...Object.values(others).map((refusal) => ({
        filter: statusIs(refusal.status),
        ...answer(refusal),
      })),
    ],
    body_format: {
      json_format: { error: '%LOCAL_REPLY_BODY%', code: 'GATEWAY_ERROR' },
    },
  };
}

const asItIs = {
  text_format_source: { inline_string: '%LOCAL_REPLY_BODY%' },
  content_type: 'application/json',
};

function answer({ code, error }: Refusal): object {
  return { body_format_override: { json_format: { error, code } } };
}

function header(key: string, value: string): object {
  return { header: { key, value }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' };
}

function statusIs(status: number): object {
  const runtime_key = `manara.status_${status}`;
  return {
    status_code_filter: {
      comparison: { op: 'EQ', value: { default_value: status, runtime_key } },
    },
  };
}

/** Where no token was found to be right. The header itself is gone by then. */
const withoutToken = {
  metadata_filter: {
    matcher: {
      filter: 'envoy.filters.http.jwt_authn',
      path: [{ key: 'payload' }, { key: 'iss' }],
      value: { string_match: { exact: '' } },
    },
    match_if_key_not_found: true,
  },
};
