import type { DataClass, DataFlow, FlowEnd, FlowKind } from '@manara/residency';
import { encryptionTo } from '../../props/uri';
import type { CollectedSignal } from './collector-config';
import { type Collector, collectorTraces } from './collector-spec';

const kinds: Readonly<Record<CollectedSignal, FlowKind>> = {
  traces: 'trace',
  logs: 'log',
  metrics: 'metric',
};

/**
 * What a collector moves: spans from the site's pods to it, what waits on its disk, and what it sends on.
 * Attributes of the telemetry schema name nobody, yet each flow counts as carrying all that the zone has.
 */
export function collectorFlows(owner: string, collector: Collector): readonly DataFlow[] {
  const { site, sinks } = collector;
  const dataClasses: readonly DataClass[] = site.zone.data;
  const base = { status: 'declared', owner, dataClasses } as const;
  const pods: FlowEnd = { name: `pods of site ${site.node.id}`, place: site.place };
  const here: FlowEnd = { name: `collector of site ${site.node.id}`, place: site.place };
  const address = { ...here, uri: collectorTraces(collector).uri };
  return [
    {
      ...base,
      kind: 'image',
      dataClasses: [],
      from: {
        name: `image registry of site ${site.node.id}`,
        place: site.images.place,
        uri: `https://${site.images.prefix}`,
      },
      to: here,
      // A node's container runtime pulls it, by its own configuration.
      encryption: 'unknown',
    },
    {
      ...base,
      kind: 'storage',
      from: here,
      to: { name: `queue of ${here.name}`, place: site.place, uri: 'pvc://queue' },
      encryption: 'local',
    },
    ...sinks.flatMap(({ signal, sink, peer }): readonly DataFlow[] => [
      { ...base, kind: kinds[signal], from: pods, to: address, encryption: 'tls' },
      {
        ...base,
        kind: kinds[signal],
        from: here,
        to: {
          name: `${kinds[signal]} sink of ${here.name}`,
          place: sink.place,
          uri: sink.uri,
          addresses: peer.cidrs,
        },
        encryption: encryptionTo(sink.uri),
      },
    ]),
  ];
}
