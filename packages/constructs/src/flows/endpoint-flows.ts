import type { DataClass, DataFlow, FlowEnd, Place } from '@manara/residency';
import { Absent, unlessAbsent } from '../absent';
import type { SiteRole } from '../engines/lowering';
import type { ModelBucket } from '../model-bucket';
import type { ModelVersion } from '../model-version';
import type { Peer } from '../peer';
import { eastWestPort } from '../mesh/east-west';
import type { Failover } from '../mesh/failovers';
import { serverFlows } from '../server/server-flows';
import type { ServerProps } from '../server/server-props';
import type { Site } from '../site';
import { encryptionBetween, encryptionTo } from '../props/uri';

/** What an endpoint's flows are derived from. */
export interface EndpointFlowsInput {
  readonly owner: string;
  readonly dataClasses: readonly DataClass[];
  readonly versions: readonly ModelVersion<Place>[];
  readonly sites: readonly Site[];
  readonly standby: Site | Absent | undefined;
  readonly server?: ServerProps<Place> | undefined;
  /** Which site's requests go to which other through their meshes. */
  readonly failovers?: readonly Failover[];
}

interface Sink {
  readonly place: Place;
  readonly uri: string;
  readonly peer?: Peer;
}

/**
 * Every flow of an endpoint, one or more of each kind for each site. What the endpoint handles may
 * stand in its logs, its metrics' labels, its spans and its backups, so each carries all its classes.
 */
export function endpointFlows(input: EndpointFlowsInput): readonly DataFlow[] {
  const standby = unlessAbsent(input.standby);
  return [
    ...copyFlows(input),
    ...input.sites.flatMap((site) => siteFlows(input, site, 'primary')),
    ...(standby === undefined ? [] : siteFlows(input, standby, 'standby')),
    ...input.sites.flatMap((site) =>
      leadsTo(input, site, standby) ? [] : standbyFlow(input, site),
    ),
    ...(input.failovers ?? []).map((failover) => failoverFlow(input, failover)),
  ];
}

/** Whether a site's mesh itself leads requests to the standby. */
function leadsTo({ failovers = [] }: EndpointFlowsInput, site: Site, standby?: Site): boolean {
  return failovers.some(({ from, to }) => from === site && to === standby);
}

/** Every copy holds the weights, whether or not a site reads it. */
function copyFlows({ owner, dataClasses, versions }: EndpointFlowsInput): readonly DataFlow[] {
  return versions.flatMap(({ artifact }) =>
    artifact.copies.flatMap((copy): readonly DataFlow[] => {
      const { endpoint } = copy.copy?.access ?? {};
      const to = bucketEnd('model bucket (copy)', copy, artifact.key);
      return bucketEnds('model bucket', artifact.bucket, artifact.key, endpoint).map((from) => ({
        status: 'declared',
        kind: 'artifact',
        owner,
        dataClasses,
        from,
        to,
        encryption: encryptionBetween(from.uri, to.uri),
      }));
    }),
  );
}

function bucketEnd(
  name: string,
  bucket: ModelBucket<Place>,
  key: string,
  endpoint?: string,
): FlowEnd & { readonly uri: string } {
  const addresses = bucket.peer?.cidrs ?? [];
  return { name, place: bucket.place, uri: bucket.addressOf(key, endpoint), addresses };
}

/** Where a bucket's object is read, and where its readers are led to. */
function bucketEnds(
  ...args: Parameters<typeof bucketEnd>
): readonly (FlowEnd & { readonly uri: string })[] {
  const main = bucketEnd(...args);
  const [, { leadsTo }] = args;
  return [main, ...leadsTo.map((host) => ({ ...main, uri: `https://${host}` }))];
}

/** A site as an end of the flows of its endpoints. */
export function siteEnd({ node, place }: Site, role: SiteRole): FlowEnd {
  return { name: `${role} site ${node.id}`, place };
}

function siteFlows(input: EndpointFlowsInput, site: Site, role: SiteRole): readonly DataFlow[] {
  const here = siteEnd(site, role);
  const { owner, dataClasses } = input;
  const artifacts = input.versions.flatMap(({ artifact }): readonly DataFlow[] => {
    const bucket = artifact.bucketFor(site.place);
    return bucketEnds('model bucket', bucket, artifact.key).map((from) => ({
      status: 'declared',
      kind: 'artifact',
      owner,
      dataClasses,
      from,
      to: here,
      encryption: encryptionTo(from.uri),
    }));
  });
  const image: DataFlow = {
    status: 'declared',
    kind: 'image',
    owner,
    dataClasses: [],
    from: {
      name: `image registry of ${here.name}`,
      place: site.images.place,
      uri: `https://${site.images.prefix}`,
    },
    to: here,
    // A node's container runtime pulls it, by its own configuration.
    encryption: 'unknown',
  };
  return [
    ...artifacts,
    image,
    sinkFlowOf(input, here, 'log', site),
    sinkFlowOf(input, here, 'metric', site),
    sinkFlowOf(input, here, 'trace', site),
    sinkFlowOf(input, here, 'backup', site),
    ...serverFlows(input, here),
  ];
}

/** How a site's props name the sink of each kind of flow. */
const sinkProps = {
  log: { prop: 'logs', type: 'LogSink' },
  metric: { prop: 'metrics', type: 'MetricSink' },
  trace: { prop: 'traces', type: 'TraceSink' },
  backup: { prop: 'backup', type: 'BackupVault' },
} as const;

/** What a construct on a site sends to the site's sink of a kind. */
export function sinkFlowOf(
  { owner, dataClasses }: Pick<EndpointFlowsInput, 'owner' | 'dataClasses'>,
  from: FlowEnd,
  kind: keyof typeof sinkProps,
  site: Site,
): DataFlow {
  const base = { kind, owner, dataClasses };
  const { prop, type } = sinkProps[kind];
  // A cast, or plain JavaScript, may have left it out.
  const sink = site[prop] as Sink | Absent | undefined;
  if (sink === undefined) {
    return {
      ...base,
      status: 'undeclared',
      at: site.place,
      evidence: `${prop} of site "${site.node.path}" is not given`,
      fix: `give the site ${prop}: new ${type}({ place: '${site.place}', … }), or ${prop}: none('why there is none')`,
    };
  }
  if (Absent.isAbsent(sink)) {
    return { ...base, status: 'absent', at: from.place, reason: sink.reason };
  }
  const name = `${kind} sink of ${from.name}`;
  const to = {
    name,
    place: sink.place,
    uri: sink.uri,
    addresses: sink.peer?.cidrs ?? [],
  };
  return { ...base, status: 'declared', from, to, encryption: encryptionTo(sink.uri) };
}

function standbyFlow({ owner, dataClasses, standby }: EndpointFlowsInput, site: Site): DataFlow {
  const base = { kind: 'standby' as const, owner, dataClasses };
  if (standby === undefined) {
    return {
      ...base,
      status: 'undeclared',
      at: site.place,
      evidence: `standby of endpoint "${owner}" is not given`,
      fix: `give the endpoint standby: a Site of the zone that is none of its sites, or standby: none('why there is none')`,
    };
  }
  if (Absent.isAbsent(standby)) {
    return { ...base, status: 'absent', at: site.place, reason: standby.reason };
  }
  const from = siteEnd(site, 'primary');
  const to = siteEnd(standby, 'standby');
  // Callers move to the standby; the sites themselves exchange nothing, and no policy opens a way.
  return { ...base, status: 'declared', from, to, encryption: 'unconnected' };
}

/** Requests and answers, by mutual TLS from pod to pod. */
function failoverFlow(
  { owner, dataClasses }: EndpointFlowsInput,
  { from, to, address }: Failover,
): DataFlow {
  return {
    status: 'declared',
    kind: 'standby',
    owner,
    dataClasses,
    from: { name: `site ${from.node.id}`, place: from.place },
    to: {
      name: `east-west gateway of site ${to.node.id}`,
      place: to.place,
      uri: `https://${address}:${eastWestPort}`,
      addresses: [`${address}/32`],
    },
    encryption: 'tls',
  };
}
