import type { Place } from '@manara/residency';
import type { GatewayAccess, RateLimit } from './gateway-props';
import type { Behind, LoweredGateway } from './lowered-gateway';
import { type HttpFilter, percent } from './proxy-filter';

/** Callers whose counts a pod remembers; one that is forgotten begins anew. */
const mostCallers = 10_000;

/**
 * Says in the standard's words what the limit says in its own, which the proxy adds to every answer.
 * Source: RFC 9110, section 10.2.3; read 2026-11.
 */
const sayWhen = `
function envoy_on_response(handle)
  local headers = handle:headers()
  local refused = headers:get(":status") == "429" or headers:get("grpc-status") == "8"
  local seconds = headers:get("x-ratelimit-reset")
  if refused and seconds ~= nil and headers:get("retry-after") == nil then
    headers:add("retry-after", tostring(math.max(1, math.ceil(tonumber(seconds)))))
  end
end
`.trim();

interface Bucket {
  readonly max_tokens: number;
  readonly tokens_per_fill: number;
  readonly fill_interval: string;
}

/**
 * Counts each caller of each endpoint by itself, in the proxy's own memory. What divides callers is what
 * their checked tokens say, so that nobody can count as somebody else.
 *
 * Source: Envoy 1.40, "Local rate limit"; read 2026-11.
 */
export function rateLimitFilters(gateway: LoweredGateway): readonly HttpFilter[] {
  const limited = gateway.behind.filter(({ rules }) => rules.some(({ limit }) => limit));
  if (limited.length === 0) return [];
  const retryAfter = {
    name: 'envoy.filters.http.lua',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua',
      default_source_code: { inline_string: sayWhen },
    },
  };
  const limit = {
    name: 'envoy.filters.http.local_ratelimit',
    typed_config: {
      '@type':
        'type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit',
      stat_prefix: gateway.name,
      filter_enabled: percent(100),
      filter_enforced: percent(100),
      always_consume_default_token_bucket: false,
      rate_limited_as_resource_exhausted: true,
      enable_x_ratelimit_headers: 'DRAFT_VERSION_03',
      max_dynamic_descriptors: mostCallers,
      rate_limits: limited.flatMap((one) => [
        {
          actions: [
            ...endpointActions(one, {
              name: ':authority',
              string_match: { safe_regex: { regex: authority(one.host) } },
            }),
            ...callerActions,
          ],
        },
        {
          actions: [
            ...endpointActions(
              one,
              {
                name: ':authority',
                string_match: { safe_regex: { regex: authority(gateway.props.host) } },
              },
              { name: ':path', string_match: { safe_regex: { regex: pathsOf(one.name) } } },
            ),
            ...callerActions,
          ],
        },
      ]),
      descriptors: limited.flatMap((one) =>
        one.rules.flatMap((access) => descriptorsOf(one, access, gateway)),
      ),
    },
  };
  // Answers pass the filters backwards.
  return [retryAfter, limit];
}

function endpointActions({ name }: Behind, ...headers: readonly object[]): readonly object[] {
  return [{ header_value_match: { descriptor_key: 'endpoint', descriptor_value: name, headers } }];
}

/** What Istio keeps of a token that it has checked. */
const callerActions = (['iss', 'sub'] as const).map((claim) => ({
  metadata: {
    descriptor_key: claim,
    metadata_key: {
      key: 'envoy.filters.http.jwt_authn',
      path: [{ key: 'payload' }, { key: claim }],
    },
  },
}));

/** A host with or without its port. */
function authority(host: string): string {
  return `${literal(host)}(:\\d+)?`;
}

function pathsOf(endpoint: string): string {
  return `/v2/(repository/)?models/${literal(endpoint)}([/?].*)?`;
}

function literal(text: string): string {
  return text.replace(/[.+]/g, '\\$&');
}

function descriptorsOf(
  { name }: Behind,
  { callers, limit }: GatewayAccess<Place>,
  { props }: LoweredGateway,
): readonly object[] {
  if (limit === undefined) return [];
  const { subjects } = callers.identity;
  const endpoint = { key: 'endpoint', value: name };
  const token_bucket = bucketOf(limit);
  // An entry without a value has a bucket for each value that turns up.
  if (subjects.length === 0) {
    return [{ entries: [endpoint, { key: 'iss' }, { key: 'sub' }], token_bucket }];
  }
  return props.issuers.flatMap(({ issuer }) =>
    subjects.map((subject) => ({
      entries: [endpoint, { key: 'iss', value: issuer }, { key: 'sub', value: subject }],
      token_bucket,
    })),
  );
}

export function bucketOf({ requestsPerSecond, burst }: RateLimit): Bucket {
  const tokens = Math.max(1, Math.floor(requestsPerSecond));
  return {
    max_tokens: burst ?? Math.max(1, Math.ceil(requestsPerSecond)),
    tokens_per_fill: tokens,
    fill_interval: `${Number((tokens / requestsPerSecond).toFixed(6))}s`,
  };
}
