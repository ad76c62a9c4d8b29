import type { DataFlow, FlowKind, UndeclaredFlow } from '@manara/residency';
import { ApiObject } from 'cdk8s';
import { isRecord, listAt, podSpecOf, recordAt, textAt } from './manifest';
import type { Site } from './site';

/**
 * What a site's manifests would let out, or in, that no construct declared. The world is closed: an
 * object of plain cdk8s beside Manara's is held to the same flows.
 */
export function undeclaredFlows(
  site: Site,
  declared: readonly DataFlow[],
): readonly UndeclaredFlow[] {
  const known = knownEnds(site, declared);
  return site.node
    .findAll()
    .filter((c) => ApiObject.isApiObject(c))
    .filter((object) => !harmlessKinds.has(object.kind))
    .flatMap((object) => {
      const manifest: unknown = object.toJson();
      const refuse = refusal(site, object);
      return [
        ...foreignImages(manifest, site, refuse),
        ...foreignCollectors(manifest, known, refuse),
        ...foreignEgress(manifest, known, refuse),
      ];
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
  readonly addresses: ReadonlySet<string>;
}

function knownEnds(site: Site, declared: readonly DataFlow[]): KnownEnds {
  const ends = declared.flatMap((flow) => (flow.status === 'declared' ? [flow.from, flow.to] : []));
  return {
    uris: new Set(ends.flatMap((end) => (end.uri === undefined ? [] : [end.uri]))),
    addresses: new Set([...ends.flatMap((end) => end.addresses ?? []), ...site.dns.cidrs]),
  };
}

type Refuse = (kind: FlowKind, evidence: string, fix: string) => UndeclaredFlow;

function refusal(site: Site, object: ApiObject): Refuse {
  return (kind, evidence, fix) => ({
    status: 'undeclared',
    kind,
    owner: object.node.path,
    dataClasses: site.zone.data,
    at: site.place,
    evidence: `${object.kind} "${object.name}" ${evidence}`,
    fix,
  });
}

function foreignImages(manifest: unknown, site: Site, refuse: Refuse): readonly UndeclaredFlow[] {
  return containersOf(manifest)
    .map((container) => textAt(container, 'image'))
    .filter((image) => image !== undefined)
    .filter((image) => !image.startsWith(`${site.images.prefix}/`))
    .map((image) =>
      refuse(
        'image',
        `runs image "${image}", which is not from the site's registry "${site.images.prefix}"`,
        "mirror the image into the site's registry and name it there",
      ),
    );
}

/** Variables by which OpenTelemetry's own SDKs are told where to send. */
const collectorVariable = /^OTEL_EXPORTER_OTLP(_(TRACES|METRICS|LOGS))?_ENDPOINT$/;

function foreignCollectors(
  manifest: unknown,
  known: KnownEnds,
  refuse: Refuse,
): readonly UndeclaredFlow[] {
  return containersOf(manifest)
    .flatMap((container) => listAt(container, 'env'))
    .filter((variable) => collectorVariable.test(textAt(variable, 'name') ?? ''))
    .filter((variable) => !known.uris.has(textAt(variable, 'value') ?? ''))
    .map((variable) =>
      refuse(
        'trace',
        `sets ${textAt(variable, 'name') ?? ''} to "${textAt(variable, 'value') ?? ''}", which no sink of the site declares`,
        "declare it as the site's TraceSink, or remove the variable",
      ),
    );
}

function foreignEgress(
  manifest: unknown,
  known: KnownEnds,
  refuse: Refuse,
): readonly UndeclaredFlow[] {
  const fix = 'remove it, or declare the flow with the sink or bucket that is reached there';
  const spec = recordAt(manifest, 'spec');
  if (textAt(spec, 'type') === 'ExternalName') {
    return [refuse('egress', `leads to "${textAt(spec, 'externalName') ?? ''}"`, fix)];
  }
  if (textAt(manifest, 'kind') !== 'NetworkPolicy') return [];
  return listAt(spec, 'egress').flatMap((rule) => {
    const peers = listAt(rule, 'to');
    if (peers.length === 0) return [refuse('egress', 'lets pods connect to any address', fix)];
    return peers
      .map((peer) => textAt(recordAt(peer, 'ipBlock'), 'cidr'))
      .filter((cidr) => cidr !== undefined)
      .filter((cidr) => !known.addresses.has(cidr))
      .map((cidr) =>
        refuse('egress', `lets pods connect to ${cidr}, which no declared flow explains`, fix),
      );
  });
}

function containersOf(manifest: unknown): readonly unknown[] {
  const spec = podSpecOf(manifest);
  return ['initContainers', 'containers', 'ephemeralContainers']
    .flatMap((key) => listAt(spec, key))
    .filter(isRecord);
}
