import type { FlowKind } from '@manara/residency';
import { isRecord, listAt, type ManifestRecord, recordAt, recordsIn, textAt } from '../../manifest';
import { egress, type Find } from './find';
import type { KnownEnds } from './known-ends';

/** What pods anywhere in a manifest would do: custom kinds keep theirs where they like. */
export function podFinds(manifest: unknown, known: KnownEnds): readonly Find[] {
  const records = recordsIn(manifest);
  const containers = records.flatMap(containersOf);
  return [
    ...(known.registries.length === 0 ? outside(containers) : foreignImages(containers, known)),
    ...foreignCollectors(containers, known),
    ...records.filter((record) => record.hostNetwork === true).map(() => hostNetwork),
    ...foreignVolumes(records),
  ];
}

function containersOf(record: ManifestRecord): readonly ManifestRecord[] {
  return ['initContainers', 'containers', 'ephemeralContainers']
    .flatMap((key) => listAt(record, key))
    .filter(isRecord);
}

/** A workload that lies in no site has no registry, and no place that a flow could begin at. */
function outside(containers: readonly ManifestRecord[]): readonly Find[] {
  return containers.map((container) =>
    egress(
      `runs image "${textAt(container, 'image') ?? ''}" outside of every Site`,
      'put it into a Site of the zone, or into an App of its own',
    ),
  );
}

function foreignImages(
  containers: readonly ManifestRecord[],
  { registries }: KnownEnds,
): readonly Find[] {
  const own = registries.map((prefix) => prefix.replace(/\/$/, '')).join(', ');
  return containers
    .map((container) => textAt(container, 'image'))
    .filter((image) => image !== undefined)
    .filter((image) => !registries.some((prefix) => image.startsWith(prefix)))
    .map((image) => ({
      kind: 'image',
      evidence: `runs image "${image}", which is not from the site's registry "${own}"`,
      fix: "mirror the image into the site's registry and name it there",
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

const hostNetwork = egress(
  "uses its node's network, where no NetworkPolicy holds it",
  'remove hostNetwork',
);

/**
 * A folder of the node that holds sockets and no data: the kubelet's, where device plugins tell it of GPUs.
 * Source: Kubernetes, "Device Plugins"; read 2026-11.
 */
export const socketFolder = '/var/lib/kubelet/device-plugins';

/** Sources of volumes that stay in the cluster. Others mount the node's disk, or one across a network. */
const localVolumes = new Set([
  'configMap',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

function foreignVolumes(records: readonly ManifestRecord[]): readonly Find[] {
  return records
    .flatMap((record) => listAt(record, 'volumes'))
    .filter(isRecord)
    .filter((volume) => textAt(recordAt(volume, 'hostPath'), 'path') !== socketFolder)
    .flatMap((volume) => {
      const source = Object.keys(volume).find((key) => key !== 'name' && !localVolumes.has(key));
      if (source === undefined) return [];
      return [
        egress(
          `mounts volume "${textAt(volume, 'name') ?? ''}" of source "${source}", which may lie outside of the site`,
          `mount a PersistentVolumeClaim, or one of ${[...localVolumes].sort().join(', ')}`,
        ),
      ];
    });
}
