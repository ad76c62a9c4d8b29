import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiServer } from '../api-server';
import type { Volume } from './pod';
import type { PodPlace } from './program';

interface KeyedData {
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
}

/**
 * A container's volumes as folders of its pod: ConfigMaps and Secrets with their files, all else empty.
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
      for (const [file, content] of await filesOf(api, pod.metadata.namespace, volume)) {
        writeFileSync(join(root, mountPath, file), content);
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

async function filesOf(
  api: ApiServer,
  namespace: string,
  volume: Volume | undefined,
): Promise<readonly (readonly [string, Buffer])[]> {
  const configMap = volume?.configMap?.name;
  const secret = volume?.secret?.secretName;
  const kind = configMap === undefined ? 'Secret' : 'ConfigMap';
  const name = configMap ?? secret;
  if (name === undefined) return [];
  const document = { apiVersion: 'v1', kind, metadata: { name, namespace } };
  const { data = {}, binaryData = {} } = (await api.get(document)) as KeyedData;
  const texts = Object.entries(data).map(
    ([key, value]) => [key, Buffer.from(value, kind === 'Secret' ? 'base64' : 'utf8')] as const,
  );
  const bytes = Object.entries(binaryData).map(
    ([key, value]) => [key, Buffer.from(value, 'base64')] as const,
  );
  return [...texts, ...bytes];
}
