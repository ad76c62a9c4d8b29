import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ApiServer } from '../api-server';
import type { Pod, Volume } from './pod';
import type { PodPlace } from './program';

interface KeyedData {
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
}

/**
 * A container's volumes as folders of its pod: ConfigMaps, Secrets and fields of the
 * pod with their files, all else empty.
 * A process sees the machine's own paths, so that texts which name mounted ones have to be changed.
 */
export class Mounts {
  private constructor(
    private readonly root: string,
    private readonly mountPaths: readonly string[],
  ) {}

  static async of({ pod, container, folder, api }: PodPlace): Promise<Mounts> {
    const root = join(folder, 'root');
    const { volumeMounts = [] } = container;
    for (const { name, mountPath } of volumeMounts) {
      const volume = pod.spec.volumes?.find((one) => one.name === name);
      mkdirSync(join(root, mountPath), { recursive: true });
      for (const [file, content] of await filesOf(api, pod, volume)) {
        const place = join(root, mountPath, file);
        mkdirSync(dirname(place), { recursive: true });
        writeFileSync(place, content);
      }
    }
    return new Mounts(
      root,
      volumeMounts.map(({ mountPath }) => mountPath),
    );
  }

  /** Where a path of the container's is, one in a mount or above one; any other text as it is. */
  pathOf(path: string): string {
    const isMounted = this.mountPaths.some(
      (mount) => path === mount || path.startsWith(`${mount}/`) || mount.startsWith(`${path}/`),
    );
    return isMounted && path !== '' ? join(this.root, path) : path;
  }
}

type Files = readonly (readonly [path: string, content: Buffer])[];

async function filesOf(api: ApiServer, pod: Pod, volume: Volume = { name: '' }): Promise<Files> {
  const { configMap, secret, downwardAPI } = volume;
  if (configMap !== undefined) return keyedFiles(api, pod, 'ConfigMap', configMap.name, configMap);
  if (secret !== undefined) return keyedFiles(api, pod, 'Secret', secret.secretName, secret);
  return (downwardAPI?.items ?? []).flatMap(({ path, fieldRef }) =>
    fieldRef === undefined ? [] : [[path, Buffer.from(fieldOf(pod, fieldRef.fieldPath))] as const],
  );
}

async function keyedFiles(
  api: ApiServer,
  { metadata: { namespace } }: Pod,
  kind: 'ConfigMap' | 'Secret',
  name: string,
  { items }: Pick<NonNullable<Volume['configMap']>, 'items'>,
): Promise<Files> {
  const document = { apiVersion: 'v1', kind, metadata: { name, namespace } };
  const { data = {}, binaryData = {} } = (await api.get(document)) as KeyedData;
  const encoding = kind === 'Secret' ? 'base64' : 'utf8';
  const contents = new Map([
    ...Object.entries(data).map(([key, value]) => [key, Buffer.from(value, encoding)] as const),
    ...Object.entries(binaryData).map(
      ([key, value]) => [key, Buffer.from(value, 'base64')] as const,
    ),
  ]);
  if (items === undefined) return [...contents];
  return items.map(({ key, path }) => {
    const content = contents.get(key);
    if (content === undefined) throw new Error(`${kind} ${name} has no key "${key}"`);
    return [path, content];
  });
}

/** What a field path of the downward API names; empty where the pod has no such label or annotation. */
function fieldOf({ metadata }: Pod, fieldPath: string): string {
  const [, field = '', key = ''] = /^metadata\.(\w+)(?:\['(.+)'\])?$/.exec(fieldPath) ?? [];
  switch (field) {
    case 'name':
    case 'namespace':
    case 'uid':
      return metadata[field];
    case 'annotations':
    case 'labels':
      return metadata[field]?.[key] ?? '';
    default:
      throw new Error(`the bed's kubelet mounts no field "${fieldPath}"`);
  }
}
