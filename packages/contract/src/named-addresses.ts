import type { ServerConfig } from './config';

/**
 * What somebody is told of a request. `content`: what stands in it, in its answer, or in what is derived
 * from them. `caller`, `header:NAME`: that very thing, or a pseudonym of it. `id`: the request's id.
 */
export type Told = 'content' | 'caller' | 'id' | `header:${string}`;

/** An address that the configuration makes the server reach. */
export interface NamedAddress {
  /** Key of the configuration, `variants.flags.flagd`. */
  readonly key: string;
  /** With a scheme; `grpc://host:port`, or `grpcs://` over TLS, for flagd. */
  readonly address: string;
  /** `flag`: where flags come from. `key`: keys of issuers. `event`: where events go. `state`: what is kept for other servers. */
  readonly purpose: 'flag' | 'key' | 'event' | 'state';
  /** Nothing, where the server only fetches. */
  readonly tells: readonly Told[];
}

/**
 * Every address that a configuration makes the server reach, and what of requests is told there; but for
 * the collector of spans and the stores of weights, which a program declares by themselves.
 */
export function namedAddresses(config: ServerConfig): readonly NamedAddress[] {
  return [
    ...flagAddresses(config),
    ...exposureAddresses(config),
    ...issuerAddresses(config),
    ...webhookAddresses(config),
    ...redisAddresses(config),
  ];
}

function flagAddresses({ variants }: ServerConfig): readonly NamedAddress[] {
  const { flagd, launchDarkly, attributes = [] } = variants?.flags ?? {};
  const flagged = Object.values(variants?.models ?? {}).filter(({ flag }) => flag !== undefined);
  // The schema's pattern holds each attribute to this form.
  const tells = distinct([...flagged.map(unitOf), ...(attributes as readonly Told[])]);
  const at = (key: string, address: string, told: readonly Told[]): NamedAddress => ({
    key: `variants.flags.${key}`,
    address,
    purpose: 'flag',
    tells: told,
  });
  const named: NamedAddress[] = [];
  if (flagd !== undefined && flagd.resolver !== 'file') {
    const { resolver, host = 'localhost', port, tls = false } = flagd;
    const isAsked = resolver === 'rpc';
    const authority = `${host}:${port ?? (isAsked ? 8013 : 8015)}`;
    named.push(at('flagd', `${tls ? 'grpcs' : 'grpc'}://${authority}`, isAsked ? tells : []));
  }
  if (launchDarkly !== undefined) {
    const { baseUri, eventsUri } = launchDarkly;
    named.push(at('launchDarkly.baseUri', baseUri, []));
    if (eventsUri !== undefined) named.push(at('launchDarkly.eventsUri', eventsUri, tells));
  }
  return named;
}

function exposureAddresses({ variants }: ServerConfig): readonly NamedAddress[] {
  const url = variants?.exposures?.url;
  if (variants === undefined || url === undefined) return [];
  const units = Object.values(variants.models).map(unitOf);
  // An outcome that is reported is an event too.
  const outcomes: readonly Told[] = variants.feedback === undefined ? [] : ['content'];
  const tells = distinct([...units, 'id', ...outcomes]);
  return [{ key: 'variants.exposures.url', address: url, purpose: 'event', tells }];
}

/** Whom a model's variants stick to: providers and events are told a pseudonym. */
function unitOf({ stickyHeader }: { readonly stickyHeader?: string }): Told {
  return stickyHeader === undefined ? 'caller' : `header:${stickyHeader}`;
}

function issuerAddresses({ identity }: ServerConfig): readonly NamedAddress[] {
  return (identity?.jwt ?? []).flatMap(({ jwksUrl }, i): readonly NamedAddress[] => {
    if (jwksUrl === undefined) return [];
    return [{ key: `identity.jwt.${i}.jwksUrl`, address: jwksUrl, purpose: 'key', tells: [] }];
  });
}

/** An event has no result in it, but the error of a job that failed, which may quote its request. */
function webhookAddresses({ jobs }: ServerConfig): readonly NamedAddress[] {
  return (jobs?.webhook?.allow ?? []).map((address, i) => ({
    key: `jobs.webhook.allow.${i}`,
    address,
    purpose: 'event',
    tells: ['content'],
  }));
}

function redisAddresses({ jobs, cache, variants, limits }: ServerConfig): readonly NamedAddress[] {
  const all: readonly (readonly [key: string, address: string | undefined, told: Told])[] = [
    ['jobs.redis.url', jobs?.redis?.url, 'content'],
    ['cache.redis.url', cache?.redis?.url, 'content'],
    ['variants.feedback.redis.url', variants?.feedback?.redis?.url, 'content'],
    ['limits.redis.url', limits?.redis?.url, 'caller'],
  ];
  return all.flatMap(([key, address, told]): readonly NamedAddress[] =>
    address === undefined ? [] : [{ key, address, purpose: 'state', tells: [told] }],
  );
}

function distinct(told: readonly Told[]): readonly Told[] {
  return [...new Set(told)];
}
