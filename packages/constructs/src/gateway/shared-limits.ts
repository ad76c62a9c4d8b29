import type { RateLimit } from './gateway-props';
import { limitDescriptors, type LimitRule } from './limit-rules';
import type { LoweredGateway } from './lowered-gateway';
import type { HttpFilter } from './proxy-filter';

/** Port that the service of the shared limits listens on. Source: envoyproxy/ratelimit, README; read 2026-11. */
export const limitServicePort = 8081;

/** Name of the objects of the service that counts for all of a gateway's pods. */
export function limitServiceName({ name }: LoweredGateway): string {
  return `${name}-limits`;
}

/**
 * Asks the service that counts for all pods together. Where it does not answer, what each pod counts for
 * itself still holds.
 *
 * Source: Envoy 1.40, "Rate limit"; read 2026-11.
 */
export function sharedLimitFilter(
  gateway: LoweredGateway,
  rules: readonly LimitRule[],
): HttpFilter | undefined {
  const { site, props, name } = gateway;
  if (props.sharedLimits === undefined) return undefined;
  const host = `${limitServiceName(gateway)}.${site.namespaceName}.svc.cluster.local`;
  return {
    name: 'envoy.filters.http.ratelimit',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.filters.http.ratelimit.v3.RateLimit',
      domain: name,
      timeout: '0.1s',
      failure_mode_deny: false,
      enable_x_ratelimit_headers: 'DRAFT_VERSION_03',
      rate_limited_as_resource_exhausted: true,
      rate_limits: limitDescriptors(gateway, rules),
      rate_limit_service: {
        transport_api_version: 'V3',
        grpc_service: {
          envoy_grpc: { cluster_name: `outbound|${limitServicePort}||${host}` },
          timeout: '0.1s',
        },
      },
    },
  };
}

interface Descriptor {
  readonly key: string;
  readonly value?: string;
  readonly rate_limit?: SharedLimit;
  readonly descriptors?: readonly Descriptor[];
}

interface SharedLimit {
  readonly unit: 'minute' | 'hour' | 'day';
  readonly requests_per_unit: number;
}

/** What the service is told: a tree of endpoints, their callers' issuers, and callers. */
export function sharedLimitConfig(
  { name }: LoweredGateway,
  rules: readonly LimitRule[],
): { readonly domain: string; readonly descriptors: readonly Descriptor[] } {
  const endpoints = [...new Set(rules.map(({ endpoint }) => endpoint))];
  return {
    domain: name,
    descriptors: endpoints.map((endpoint) => {
      const own = rules.filter((rule) => rule.endpoint === endpoint);
      const total = own.find(({ caller }) => caller === undefined);
      const issuers = [...new Set(own.flatMap(({ caller }) => caller?.issuer ?? []))];
      return {
        key: 'endpoint',
        value: endpoint,
        ...(total === undefined ? {} : { rate_limit: sharedLimit(total.limit) }),
        descriptors: issuers.map((issuer) => ({
          key: 'iss',
          value: issuer,
          descriptors: own
            .filter(({ caller }) => caller?.issuer === issuer)
            .map(({ caller, limit }) => ({
              key: 'sub',
              ...(caller?.subject === undefined ? {} : { value: caller.subject }),
              rate_limit: sharedLimit(limit),
            })),
        })),
      };
    }),
  };
}

const units = { minute: 60, hour: 3600, day: 86_400 } as const;

/**
 * The service counts over fixed windows. A minute evens out what arrives at once, which each pod bounds by
 * itself; longer ones are for limits of less than one request a minute.
 */
export function sharedLimit({ requestsPerSecond }: RateLimit): SharedLimit {
  for (const unit of ['minute', 'hour'] as const) {
    const requests = Math.round(requestsPerSecond * units[unit]);
    if (requests >= 1) return { unit, requests_per_unit: requests };
  }
  return { unit: 'day', requests_per_unit: Math.max(1, Math.round(requestsPerSecond * units.day)) };
}
