import { type Kube, KubeError, type KubeObject } from '../../src/remediate/kube';

type Json = Record<string, unknown>;

/** A cluster of a few objects: merges patches, and refuses one that is for an older version. */
export class MemoryKube implements Kube {
  readonly namespace = 'bank';
  readonly created: { readonly path: string; readonly object: Json }[] = [];
  patches = 0;
  private readonly objects = new Map<string, Json>();

  put(path: string, object: Json): void {
    const name = path.split('/').at(-1);
    const metadata = { name, namespace: 'bank', uid: 'u1', resourceVersion: '1' };
    this.objects.set(path, { metadata, ...object });
  }

  get(path: string): Promise<KubeObject | undefined> {
    return Promise.resolve(structuredClone(this.objects.get(path)) as KubeObject | undefined);
  }

  patch(path: string, patch: object): Promise<void> {
    const isStatus = path.endsWith('/status');
    const of = isStatus ? path.slice(0, -'/status'.length) : path;
    const before = this.objects.get(of);
    if (before === undefined) return Promise.reject(new KubeError(404, path));
    const version = (before.metadata as Json).resourceVersion;
    const asked = ((patch as Json).metadata as Json | undefined)?.resourceVersion;
    if (asked !== undefined && asked !== version) return Promise.reject(new KubeError(409, path));
    const merged = merge(before, patch as Json);
    (merged.metadata as Json).resourceVersion = String(Number(version) + 1);
    this.objects.set(of, merged);
    this.patches += 1;
    return Promise.resolve();
  }

  create(path: string, object: object): Promise<void> {
    this.created.push({ path, object: object as Json });
    return Promise.resolve();
  }
}

function merge(into: Json, patch: Json): Json {
  const merged = { ...into };
  for (const [key, value] of Object.entries(patch)) {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    merged[key] = isObject ? merge((merged[key] ?? {}) as Json, value as Json) : value;
  }
  return merged;
}
