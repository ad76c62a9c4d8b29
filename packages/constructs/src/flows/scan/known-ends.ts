import type { DataFlow, DeclaredFlow, Place } from '@manara/residency';
import { hostOf } from '@manara/residency';
import type { Site } from '../../site';

/** What a manifest may name, because a flow declares it. */
export interface KnownEnds {
  readonly uris: ReadonlySet<string>;
  /** `s3://bucket`, `https://host:port` */
  readonly stores: ReadonlySet<string>;
  readonly hosts: ReadonlySet<string>;
  /** Address ranges. */
  readonly addresses: ReadonlySet<string>;
  /** Registries' prefixes, each with the slash that ends it. */
  readonly registries: readonly string[];
  /** The zone's places. */
  readonly places: readonly Place[];
}

/** Ends of the flows that begin or end where the site is: another site's are not its own. */
export function endsAt(site: Site, declared: readonly DataFlow[]): KnownEnds {
  const flows = declared
    .filter((flow) => flow.status === 'declared')
    .filter(({ from, to }) => [from, to].some((end) => end.place === site.place));
  const ends = flows.flatMap(({ from, to }) => [from, to]);
  const uris = ends.flatMap((end) => (end.uri === undefined ? [] : [end.uri]));
  return {
    uris: new Set(uris),
    stores: new Set([...uris.map(storeOf), ...flows.flatMap(bucketsBehind)]),
    hosts: new Set([...uris.flatMap((uri) => hostOf(uri) ?? []), ...flows.flatMap(hostsBehind)]),
    addresses: new Set([...ends.flatMap((end) => end.addresses ?? []), ...site.dns.cidrs]),
    registries: [`${site.images.prefix}/`],
    places: site.zone.places,
  };
}

/** What lies in no site: no flow begins or ends there. */
export function noEnds(places: readonly Place[]): KnownEnds {
  const none = new Set<string>();
  return { uris: none, stores: none, hosts: none, addresses: none, registries: [], places };
}

/**
 * Hosts that the readers of a declared store connect to: its own, where its address names none, and the one
 * that issues the credentials for it. As `storeAddresses` of the engine has them.
 */
function hostsBehind({ kind, from, to }: DeclaredFlow): readonly string[] {
  if (kind !== 'artifact') return [];
  return [from, to].flatMap(({ place, uri = '' }) => {
    const [, scheme, name = ''] = /^(s3|azblob):\/\/([^/]+)/.exec(uri) ?? [];
    if (scheme === 'azblob') return ['login.microsoftonline.com'];
    if (!place.startsWith('aws:')) return [];
    const region = `${place.slice('aws:'.length)}.amazonaws.com`;
    const own = scheme === 's3' ? [`${name}.s3.${region}`, `s3.${region}`] : [];
    return [...own, `sts.${region}`];
  });
}

/** Scheme and authority of an address. */
export function storeOf(uri: string): string {
  return /^[^/]*\/\/[^/?#]*/.exec(uri)?.[0] ?? uri;
}

/**
 * A store that speaks S3's protocol at an address of its own is asked for objects by path, while pods are
 * told `s3://<bucket>`: the path's first part is that bucket.
 */
function bucketsBehind({ kind, from, to }: DeclaredFlow): readonly string[] {
  if (kind !== 'artifact') return [];
  return [from, to].flatMap(({ uri = '' }) => {
    const bucket = /^https:\/\/[^/]+\/([^/]+)\//.exec(uri)?.[1];
    return bucket === undefined ? [] : [`s3://${bucket}`];
  });
}
