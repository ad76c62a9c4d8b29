import type { DataFlow, FlowKind, UndeclaredFlow } from '@manara/residency';
import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { isRecord, listAt, type ManifestRecord, recordAt, recordsIn, textAt } from './manifest';
import type { Site } from './site';

/**
 * What a site's manifests would let out, or in, that no construct declared. The world is closed: an
 * object of plain cdk8s beside Manara's is held to the same flows.
 */
export function undeclaredFlows(
  site: Site,
  declared: readonly DataFlow[],
  root: IConstruct = site,
): readonly UndeclaredFlow[] {
  const known = knownEnds(site, declared);
  return root.node
    .findAll()
    .filter((c) => ApiObject.isApiObject(c))
    .filter((object) => !harmlessKinds.has(object.kind))
    .flatMap((object) => {
      const manifest: unknown = object.toJson();
      const containers = containersIn(manifest);
      return [
        ...foreignImages(containers, site),
        ...foreignWeights(manifest, containers, known),
        ...foreignCollectors(containers, known),
        ...foreignNames(manifest, known),
        ...foreignAddresses(manifest, known),
      ].map((find) => undeclared(site, object, find));
    });
}

/** Kinds that neither run a container nor open the network; rendering them again would be waste. */
const harmlessKinds = new Set([
  'ConfigMap',
  'HorizontalPodAutoscaler',
  'Namespace',
  'PodDisruptionBudget',
  'ServiceAccount',
]);

interface KnownEnds {
  readonly uris: ReadonlySet<string>;
  /** `s3://bucket`, `https://host:port` */
  readonly stores: ReadonlySet<string>;
  readonly hosts: ReadonlySet<string>;
  readonly addresses: ReadonlySet<string>;
}

/** Ends of the flows that begin or end where the site is: another site's are not its own. */
function knownEnds(site: Site, declared: readonly DataFlow[]): KnownEnds {
  const ends = declared
    .map((flow) => (flow.status === 'declared' ? [flow.from, flow.to] : []))
    .filter((pair) => pair.some((end) => end.place === site.place))
    .flat();
  const uris = ends.flatMap((end) => (end.uri === undefined ? [] : [end.uri]));
  return {
    uris: new Set(uris),
    stores: new Set(uris.map(storeOf)),
    hosts: new Set(uris.map((uri) => storeOf(uri).replace(/^.*:\/\/|:\d+$/g, ''))),
    addresses: new Set([...ends.flatMap((end) => end.addresses ?? []), ...site.dns.cidrs]),
  };
}

/** Scheme and authority of an address. */
function storeOf(uri: string): string {
  return /^[^/]*\/\/[^/?#]*/.exec(uri)?.[0] ?? uri;
}

/** Something in a manifest that no declared flow explains. */
interface Find {
  readonly kind: FlowKind;
  readonly evidence: string;
  readonly fix: string;
}

function undeclared(site: Site, object: ApiObject, { kind, evidence, fix }: Find): UndeclaredFlow {
  return {
    status: 'undeclared',
    kind,
    owner: object.node.path,
    dataClasses: site.zone.data,
    at: site.place,
    evidence: `${object.kind} "${object.name}" ${evidence}`,
    fix,
  };
}

function foreignImages(containers: readonly ManifestRecord[], site: Site): readonly Find[] {
  return containers
    .map((container) => textAt(container, 'image'))
    .filter((image) => image !== undefined)
    .filter((image) => !image.startsWith(`${site.images.prefix}/`))
    .map((image) => ({
      kind: 'image',
      evidence: `runs image "${image}", which is not from the site's registry "${site.images.prefix}"`,
      fix: "mirror the image into the site's registry and name it there",
    }));
}

/** Addresses of stores that weights are fetched from, wherever they stand in a text. */
const storeAddress = /\b(?:s3|gs|hf|az|abfss?|wasbs?|oss|oci):\/\/[^\s"',]+/g;

/** In what a container is told, and in the `storageUri` by which KServe's kinds name a model. */
function foreignWeights(
  manifest: unknown,
  containers: readonly ManifestRecord[],
  known: KnownEnds,
): readonly Find[] {
  const told = containers.flatMap((container) => [
    ...listAt(container, 'command'),
    ...listAt(container, 'args'),
    ...listAt(container, 'env').map((variable) => textAt(variable, 'value')),
  ]);
  const named = recordsIn(manifest).map((record) => textAt(record, 'storageUri'));
  return [...told, ...named]
    .flatMap((text) => (typeof text === 'string' ? (text.match(storeAddress) ?? []) : []))
    .filter((uri) => !known.stores.has(storeOf(uri)))
    .map((uri) => ({
      kind: 'artifact',
      evidence: `reads "${uri}", which no ModelBucket of the zone declares`,
      fix: 'declare its bucket as the ModelBucket of an endpoint, or remove it',
    }));
}

/** Variables by which OpenTelemetry's own SDKs are told where to send. */
const collectorVariable = /^OTEL_EXPORTER_OTLP_(?:(TRACES|METRICS|LOGS)_)?ENDPOINT$/;
const collectorKinds: Readonly<Record<string, FlowKind>> = { METRICS: 'metric', LOGS: 'log' };

function foreignCollectors(
  containers: readonly ManifestRecord[],
  known: KnownEnds,
): readonly Find[] {
  return containers
    .flatMap((container) => listAt(container, 'env'))
    .filter((variable) => !known.uris.has(textAt(variable, 'value') ?? ''))
    .flatMap((variable) => {
      const name = collectorVariable.exec(textAt(variable, 'name') ?? '');
      if (name === null) return [];
      const [text, signal = ''] = name;
      return [
        {
          kind: collectorKinds[signal] ?? 'trace',
          evidence: `sets ${text} to "${textAt(variable, 'value') ?? ''}", which no sink of the zone declares`,
          fix: "declare it as the site's sink, or remove the variable",
        },
      ];
    });
}

const egressFix = 'remove it, or declare the sink or bucket that is reached there';

function foreignNames(manifest: unknown, known: KnownEnds): readonly Find[] {
  const spec = recordAt(manifest, 'spec');
  if (textAt(manifest, 'kind') !== 'Service' || textAt(spec, 'type') !== 'ExternalName') return [];
  const host = textAt(spec, 'externalName') ?? '';
  if (known.hosts.has(host)) return [];
  return [
    { kind: 'egress', evidence: `leads to "${host}", which no flow declares`, fix: egressFix },
  ];
}

function foreignAddresses(manifest: unknown, known: KnownEnds): readonly Find[] {
  if (textAt(manifest, 'kind') !== 'NetworkPolicy') return [];
  return listAt(recordAt(manifest, 'spec'), 'egress').flatMap((rule): readonly Find[] => {
    const peers = listAt(rule, 'to');
    if (peers.length === 0) {
      return [{ kind: 'egress', evidence: 'lets pods connect to any address', fix: egressFix }];
    }
    return peers
      .map((peer) => textAt(recordAt(peer, 'ipBlock'), 'cidr'))
      .filter((cidr) => cidr !== undefined)
      .filter((cidr) => !known.addresses.has(cidr))
      .map((cidr) => ({
        kind: 'egress',
        evidence: `lets pods connect to ${cidr}, which no declared flow explains`,
        fix: egressFix,
      }));
  });
}

function containersIn(manifest: unknown): readonly ManifestRecord[] {
  return recordsIn(manifest)
    .flatMap((record) =>
      ['initContainers', 'containers', 'ephemeralContainers'].flatMap((key) => listAt(record, key)),
    )
    .filter(isRecord);
}
