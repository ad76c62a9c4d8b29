import type { Place } from '@manara/residency';
import type { Duration } from 'cdk8s';
import type { ImageName } from '../image-name';
import { ModelEndpoint } from '../model-endpoint';
import type { Peer } from '../peer';
import {
  anyNumber,
  duration,
  imageName,
  kind,
  listOf,
  optional,
  peer,
  record,
  text,
} from '../props/kinds';
import { Callers } from './callers';
import { GatewayTls } from './gateway-tls';
import { TokenIssuer } from './token-issuer';

/** What a gateway lets callers do with an endpoint. */
export type GatewayVerb = 'read' | 'infer' | 'explain' | 'load';

/** How often something may be asked. */
export interface RateLimit {
  /** Requests a second, over time. Below one: `0.1` is one in ten seconds. */
  readonly requestsPerSecond: number;
  /**
   * Requests at once after a pause.
   * @default - one second's, and at least one
   */
  readonly burst?: number;
}

/** An endpoint behind a gateway, and who may do what with it. */
export interface GatewayAccess<P extends Place> {
  readonly endpoint: ModelEndpoint<P>;
  /** Who. */
  readonly callers: Callers;
  /**
   * What they may do: `read` is metadata and statistics, `infer` inference, jobs and feedback.
   * @default ['read', 'infer']
   */
  readonly verbs?: readonly GatewayVerb[];
  /**
   * Versions that they may ask for by number. They may then not ask without one, nor over gRPC, where the
   * gateway does not see the version.
   * @default - every version, and the default one
   */
  readonly versions?: readonly number[];
  /**
   * How often each of these callers may ask, on each of the gateway's pods.
   * @default - as often as the endpoint's own limit lets them
   */
  readonly limit?: RateLimit;
}

/** How often an endpoint may be asked by all callers together. */
export interface EndpointLimit<P extends Place> extends RateLimit {
  readonly endpoint: ModelEndpoint<P>;
}

/** Where a gateway's pods count together. */
export interface SharedLimits<P extends Place> {
  /** The Redis: `rediss://redis.bank.internal:6379`, or `redis://` without TLS. */
  readonly uri: string;
  /** Where it keeps what it is told: who called how often. */
  readonly place: P;
  /** Its pods or addresses. */
  readonly peer: Peer;
  /**
   * Name of a Secret in the site's namespace whose key `password` it is.
   * @default - it asks for none
   */
  readonly password?: string;
  /** Image of Envoy's rate-limit service in the site's registry: `{ name: 'envoyproxy/ratelimit', tag: '3fb70258' }`. */
  readonly image: ImageName;
}

/** What a browser may do from another origin. */
export interface GatewayCors {
  /** Origins, `https://app.bank.example`, exactly. */
  readonly origins: readonly [string, ...string[]];
  /**
   * How long a browser may remember the answer.
   * @default Duration.hours(1)
   */
  readonly maxAge?: Duration;
}

export interface InferenceGatewayProps<P extends Place> {
  /** Name that callers use: endpoints answer at `https://<host>/v2/models/<endpoint>`, and at `<endpoint>.<host>`. */
  readonly host: string;
  readonly tls: GatewayTls;
  /** Who says who callers are. */
  readonly issuers: readonly [TokenIssuer<P>, ...TokenIssuer<P>[]];
  /** The endpoints behind it, and who may do what with them. What is not listed is refused. */
  readonly access: readonly [GatewayAccess<P>, ...GatewayAccess<P>[]];
  /** Who may connect: pods, or address ranges of the private network. */
  readonly from: readonly [Peer, ...Peer[]];
  /**
   * Image of the mesh's proxy in the site's registry, of the version that its control plane has:
   * `{ name: 'istio/proxyv2', tag: '1.29.1' }`.
   */
  readonly proxy: ImageName;
  /**
   * How often each endpoint may be asked by all callers together, whatever each of them may.
   * @default - as often as its servers answer
   */
  readonly limits?: readonly EndpointLimit<P>[];
  /**
   * Where all of the gateway's pods count together. Each also counts for itself, which is what holds where
   * the shared count cannot be had.
   * @default - each of the pods counts for itself: a caller who reaches three may ask three times as often
   */
  readonly sharedLimits?: SharedLimits<P>;
  /** @default - no browser may ask from another origin */
  readonly cors?: GatewayCors;
  /**
   * Largest body of a request to `host`, batch files included, in bytes; larger ones are answered with 413
   * before a server sees them.
   * @default - what the endpoints' servers take
   */
  readonly maxRequestBytes?: number;
}

const endpoint = kind('a ModelEndpoint', (value) => ModelEndpoint.isModelEndpoint(value));

export const gatewayKinds = {
  host: text,
  tls: kind('a GatewayTls', (value) => value instanceof GatewayTls),
  issuers: listOf(kind('a TokenIssuer', (value) => TokenIssuer.isTokenIssuer(value))),
  access: listOf(
    record({
      endpoint,
      callers: kind('Callers', (value) => Callers.isCallers(value)),
      verbs: optional(listOf(text)),
      versions: optional(listOf(anyNumber)),
      limit: optional(record({ requestsPerSecond: anyNumber, burst: optional(anyNumber) })),
    }),
  ),
  from: listOf(peer),
  limits: optional(
    listOf(record({ endpoint, requestsPerSecond: anyNumber, burst: optional(anyNumber) })),
  ),
  sharedLimits: optional(
    record({ uri: text, place: text, peer, password: optional(text), image: imageName }),
  ),
  proxy: imageName,
  cors: optional(record({ origins: listOf(text), maxAge: optional(duration) })),
  maxRequestBytes: optional(anyNumber),
};
