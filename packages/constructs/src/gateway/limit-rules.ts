import type { RateLimit } from './gateway-props';
import type { Behind, LoweredGateway } from './lowered-gateway';

/** What a limit counts: an endpoint, or of its callers one, or each. */
export interface LimitRule {
  readonly endpoint: string;
  readonly limit: RateLimit;
  /** @default - everybody together */
  readonly caller?: {
    readonly issuer: string;
    /** @default - each caller of the issuer by itself */
    readonly subject?: string;
  };
}

/** Every limit of a gateway, each issuer's callers apart: two may call somebody the same. */
export function limitRules({ props, behind }: LoweredGateway): readonly LimitRule[] {
  const ofEndpoints = (props.limits ?? []).map(({ endpoint, ...limit }) => ({
    endpoint: endpoint.name,
    limit,
  }));
  const ofCallers = behind.flatMap(({ name, rules }) =>
    rules.flatMap(({ callers, limit }) => {
      if (limit === undefined) return [];
      const { subjects } = callers.identity;
      return props.issuers.flatMap(({ issuer }): LimitRule[] =>
        subjects.length === 0
          ? [{ endpoint: name, limit, caller: { issuer } }]
          : subjects.map((subject) => ({ endpoint: name, limit, caller: { issuer, subject } })),
      );
    }),
  );
  return [...ofEndpoints, ...ofCallers];
}

/**
 * What the proxy makes of a request to look its limits up by, in Envoy's terms. Callers are who their
 * checked tokens say, so that nobody can count as somebody else.
 */
export function limitDescriptors(
  gateway: LoweredGateway,
  rules: readonly LimitRule[],
): readonly object[] {
  return gateway.behind.flatMap((one) => {
    const own = rules.filter(({ endpoint }) => endpoint === one.name);
    const parts = [
      ...(own.some(({ caller }) => caller === undefined) ? [[]] : []),
      ...(own.some(({ caller }) => caller !== undefined) ? [callerActions] : []),
    ];
    return parts.flatMap((part) =>
      requestsTo(one, gateway.props.host).map((headers) => ({
        actions: [
          {
            header_value_match: {
              descriptor_key: 'endpoint',
              descriptor_value: one.name,
              headers,
            },
          },
          ...part,
        ],
      })),
    );
  });
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

/** Requests to an endpoint: at its own host, and at the gateway's by path. One request is one of them. */
function requestsTo({ name, host }: Behind, shared: string): readonly (readonly object[])[] {
  const path = `/v2/(repository/)?models/${literal(name)}([/?].*)?`;
  return [
    [matches(':authority', authority(host))],
    [matches(':authority', authority(shared)), matches(':path', path)],
  ];
}

function matches(name: string, regex: string): object {
  return { name, string_match: { safe_regex: { regex } } };
}

/** A host with or without its port. */
function authority(host: string): string {
  return `${literal(host)}(:\\d+)?`;
}

function literal(text: string): string {
  return text.replace(/[.+]/g, '\\$&');
}
