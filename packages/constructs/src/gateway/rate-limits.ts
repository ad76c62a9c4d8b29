import type { RateLimit } from './gateway-props';
import { limitDescriptors, type LimitRule, limitRules } from './limit-rules';
import type { LoweredGateway } from './lowered-gateway';
import { type HttpFilter, percent } from './proxy-filter';
import { sharedLimitFilter } from './shared-limits';

/** Callers whose counts a pod remembers; one that is forgotten begins anew. */
const mostCallers = 10_000;

interface Bucket {
  readonly max_tokens: number;
  readonly tokens_per_fill: number;
  readonly fill_interval: string;
}

/** What holds a gateway's requests to its limits; nothing where it has none. */
export function rateLimitFilters(gateway: LoweredGateway): readonly HttpFilter[] {
  const rules = limitRules(gateway);
  if (rules.length === 0) return [];
  const shared = sharedLimitFilter(gateway, rules);
  // Answers pass the filters backwards.
  return [retryAfter, localLimit(gateway, rules), ...(shared === undefined ? [] : [shared])];
}

/**
 * Says in the standard's words what limits say in their own, which the proxy adds to every answer.
 * Source: RFC 9110, section 10.2.3; read 2026-11.
 */
const sayWhen = `
function envoy_on_response(handle)
  local headers = handle:headers()
  local refused = headers:get(":status") == "429" or headers:get("grpc-status") == "8"
  if not refused or headers:get("retry-after") ~= nil then return end
  local longest = 1
  for seconds in string.gmatch(headers:get("x-ratelimit-reset") or "", "%d+") do
    longest = math.max(longest, tonumber(seconds))
  end
  headers:add("retry-after", tostring(longest))
end
`.trim();

const retryAfter: HttpFilter = {
  name: 'envoy.filters.http.lua',
  typed_config: {
    '@type': 'type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua',
    default_source_code: { inline_string: sayWhen },
  },
};

/**
 * Counts in the proxy's own memory: each pod for itself.
 *
 * Source: Envoy 1.40, "Local rate limit"; read 2026-11.
 */
function localLimit(gateway: LoweredGateway, rules: readonly LimitRule[]): HttpFilter {
  return {
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
      rate_limits: limitDescriptors(gateway, rules),
      descriptors: rules.map(({ endpoint, caller, limit }) => ({
        entries: [{ key: 'endpoint', value: endpoint }, ...callerEntries(caller)],
        token_bucket: bucketOf(limit),
      })),
    },
  };
}

function callerEntries(caller: LimitRule['caller']): readonly object[] {
  if (caller === undefined) return [];
  const { issuer, subject } = caller;
  // An entry without a value has a bucket for each value that turns up.
  return [
    { key: 'iss', value: issuer },
    { key: 'sub', ...(subject === undefined ? {} : { value: subject }) },
  ];
}

export function bucketOf({ requestsPerSecond, burst }: RateLimit): Bucket {
  const tokens = Math.max(1, Math.floor(requestsPerSecond));
  return {
    max_tokens: burst ?? Math.max(1, Math.ceil(requestsPerSecond)),
    tokens_per_fill: tokens,
    fill_interval: `${Number((tokens / requestsPerSecond).toFixed(6))}s`,
  };
}
