import { ports } from '@manara/contract';
import type { Place } from '@manara/residency';
import { unlessAbsent } from '../absent';
import type { PlacedWorkload } from '../engines/lowering';
import type { ModelBucket } from '../model-bucket';
import type { ModelEndpoint } from '../model-endpoint';
import { endpointControls, endpointGaps } from './endpoint-controls';
import { endpointRunbooks } from './endpoint-runbooks';
import {
  type BlockInterface,
  type BuildingBlock,
  type DataEntity,
  type DossierContext,
  type DossierPart,
  mergeParts,
} from './dossier-part';
import { objectsBelow } from './objects';
import { peerNames } from './peer-names';
import { duration, joined, list, replicas, say, type Text } from './text';

/** What an endpoint says of itself: what it promises, what keeps it, who may call it, what to do about it. */
export function endpointPart(endpoint: ModelEndpoint, context: DossierContext): DossierPart {
  const { workloads, engine } = endpoint;
  return mergeParts([
    {
      blocks: [
        promise(endpoint),
        ...workloads.map((workload) => solution(endpoint, workload)),
        ...workloads.flatMap((workload) => stores(endpoint, workload)),
      ],
      interfaces: workloads.flatMap((workload) => interfaces(endpoint, workload)),
      entities: [requests(endpoint), ...weights(endpoint)],
      controls: endpointControls(endpoint),
      uncontrolled: endpointGaps(endpoint),
      runbooks: endpointRunbooks(endpoint, context),
    },
    engine.lowering.describe?.(workloads) ?? {},
  ]);
}

/** Id of the block that an endpoint is on a site. */
export function workloadId({ endpoint, site }: Pick<PlacedWorkload, 'endpoint' | 'site'>): string {
  return `${site.node.path}/${endpoint.name}`;
}

function promise({ node, name, objective, traffic }: ModelEndpoint): BuildingBlock {
  const { p99Latency, availabilityPercent } = objective;
  return {
    kind: 'architecture',
    id: node.path,
    name: `Inference by ${name}`,
    does: say`Answers up to ${traffic.peakRequestsPerSecond} requests a second, 99% of them within ${p99Latency.toMilliseconds()} ms, and is there for ${availabilityPercent}% of the time`,
  };
}

function solution(endpoint: ModelEndpoint, workload: PlacedWorkload): BuildingBlock {
  const { site, role, capacity } = workload;
  const numbers = endpoint.versions.map(({ number }) => String(number));
  const versions =
    numbers.length === 1
      ? say`version ${numbers}`
      : say`versions ${numbers.join(', ')}, of which ${String(endpoint.defaultVersion)} answers where none is named`;
  return {
    kind: 'solution',
    id: workloadId(workload),
    name: `${endpoint.name} at ${site.node.id}`,
    does: say`${[endpoint.engine.lowering.kind]} server as ${[role]}: ${versions}; ${capacity.idleReplicas} ${[replicas(capacity.idleReplicas)]} without traffic, ${capacity.peakReplicas} at the busiest time`,
    realizes: [endpoint.node.path],
    site: site.node.id,
    place: site.place,
    objects: objectsBelow(site.node.tryFindChild(endpoint.name)),
  };
}

function stores({ versions }: ModelEndpoint, { site }: PlacedWorkload): readonly BuildingBlock[] {
  const buckets = new Set(versions.map(({ artifact }) => artifact.bucketFor(site.place)));
  return [...buckets].map((bucket) => ({
    kind: 'technology',
    id: `${bucket.place} ${bucket.uri}`,
    name: `Model store of ${site.node.id}`,
    does: say`Holds weights, at ${bucket.uri}${copied(bucket)}`,
    site: site.node.id,
    place: bucket.place,
  }));
}

function copied({ copy }: ModelBucket<Place>): Text {
  if (copy === undefined) return [];
  return say`, a copy of ${copy.from.uri} that is brought up to date every ${duration(copy.every.toSeconds())}`;
}

const protocols: Readonly<Record<string, string>> = {
  [ports.http]: 'Open Inference Protocol v2, REST',
  [ports.grpc]: 'Open Inference Protocol v2, gRPC',
  [ports.metrics]: 'Prometheus',
};

function interfaces(endpoint: ModelEndpoint, workload: PlacedWorkload): readonly BlockInterface[] {
  const { site, service } = workload;
  const callers = endpoint.callers.flatMap(peerNames);
  const scrapers = unlessAbsent(site.metrics)?.scrapedBy;
  const host = `${service.name}.${site.namespaceName}.svc`;
  const of = workloadId(workload);
  const offered = (port: number, name: string, usedBy: readonly string[]): BlockInterface => ({
    of,
    name,
    protocol: protocols[port] ?? '',
    address: `${host}:${port}`,
    usedBy,
  });
  return [
    offered(ports.http, 'REST', callers),
    offered(ports.grpc, 'gRPC', callers),
    offered(ports.metrics, 'metrics', scrapers === undefined ? [] : peerNames(scrapers)),
  ];
}

function requests({ name, data, versions, server }: ModelEndpoint): DataEntity {
  const signature = versions.at(-1)?.artifact.signature;
  const tensors = (of: readonly { readonly name: string }[]): Text =>
    list(of.map((one) => one.name));
  const keeps = (['jobs', 'idempotency', 'cache'] as const).filter(
    (part) => server?.config[part] !== undefined,
  );
  return {
    name: `Requests and answers of ${name}`,
    classes: data,
    form:
      signature === undefined
        ? say`Tensors that only the server knows`
        : say`Tensors ${tensors(signature.inputs)} give ${tensors(signature.outputs)}`,
    kept:
      keeps.length === 0
        ? say`Not by the server: none of ${list(['jobs', 'idempotency', 'cache'])} is configured`
        : say`By what is configured as ${list(keeps)}`,
  };
}

function weights({ name, versions, data }: ModelEndpoint): readonly DataEntity[] {
  return versions.map(({ number, artifact }) => ({
    name: `Weights of ${name}, version ${number}`,
    classes: data,
    form: say`${[artifact.format.toUpperCase()]}, ${artifact.sizeBytes} bytes, SHA-256 ${artifact.sha256}`,
    kept: joined(
      artifact.buckets.map((bucket) => say`${bucket.uriOf(artifact.key)} (${[bucket.place]})`),
    ),
  }));
}
