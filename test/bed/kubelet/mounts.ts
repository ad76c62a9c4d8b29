import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiServer } from '../api-server';
import type { Pod, Volume } from './pod';
import type { PodPlace } from './program';

interface KeyedData {
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
}

/**
 * A container's volumes as folders of its pod: ConfigMaps, Secrets and the pod's own annotations with their
 * files, all else empty.
 * A process sees the machine's own paths, so that texts which name mounted ones have to be changed.
 */
export class Mounts {
  private constructor(private readonly folders: ReadonlyMap<string, string>) {}

  static async of({ pod, container, folder, api }: PodPlace): Promise<Mounts> {
    const folders = new Map<string, string>();
    for (const { name, mountPath } of container.volumeMounts ?? []) {
      const volume = pod.spec.volumes?.find((one) => one.name === name);
      const place = join(folder, 'volumes', name);
      mkdirSync(place, { recursive: true });
      for (const [file, content] of await filesOf(api, pod, volume)) {
        writeFileSync(join(place, file), content);
      }
      folders.set(mountPath, place);
    }
    return new Mounts(folders);
  }

  /** Where a path of the container's is; the path itself where nothing is mounted there. */
  pathOf(path: string): string {
    const mounted = [...this.folders]
      .filter(([mountPath]) => path === mountPath || path.startsWith(`${mountPath}/`))
      // The innermost mount is the one that is seen.
      .sort(([a], [b]) => b.length - a.length)[0];
    if (mounted === undefined) return path;
    const [mountPath, place] = mounted;
    return `${place}${path.slice(mountPath.length)}`;
  }
}

async function filesOf(
  api: ApiServer,
  pod: Pod,
  volume: Volume | undefined,
): Promise<readonly (readonly [string, Buffer])[]> {
  if (volume?.downwardAPI !== undefined) return annotationFiles(pod, volume.downwardAPI);
  const configMap = volume?.configMap?.name;
  const secret = volume?.secret?.secretName;
  const kind = configMap === undefined ? 'Secret' : 'ConfigMap';
  const name = configMap ?? secret;
  if (name === undefined) return [];
  const document = {
    apiVersion: 'v1',
    kind,
    metadata: { name, namespace: pod.metadata.namespace },
  };
  const { data = {}, binaryData = {} } = (await api.get(document)) as KeyedData;
  const texts = Object.entries(data).map(
    ([key, value]) => [key, Buffer.from(value, kind === 'Secret' ? 'base64' : 'utf8')] as const,
  );
  const bytes = Object.entries(binaryData).map(
    ([key, value]) => [key, Buffer.from(value, 'base64')] as const,
  );
  return [...texts, ...bytes];
}

function annotationFiles(
  { metadata }: Pod,
  { items }: NonNullable<Volume['downwardAPI']>,
): readonly (readonly [string, Buffer])[] {
  return items.map(({ path, fieldRef }) => {
    const key = /^metadata\.annotations\['(.+)'\]$/.exec(fieldRef?.fieldPath ?? '')?.[1];
    if (key === undefined) throw new Error(`the bed mounts annotations alone, not ${path}`);
    return [path, Buffer.from(metadata.annotations?.[key] ?? '')];
  });
}
