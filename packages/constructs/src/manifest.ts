/** A Kubernetes object, or a part of one, as it stands in YAML. */
export type ManifestRecord = Readonly<Record<string, unknown>>;

export function isRecord(x: unknown): x is ManifestRecord {
  return typeof x === 'object' && x !== null && !Array.isArray(x);
}

export function recordAt(x: unknown, key: string): ManifestRecord | undefined {
  const value = isRecord(x) ? x[key] : undefined;
  return isRecord(value) ? value : undefined;
}

export function listAt(x: unknown, key: string): readonly unknown[] {
  const value = isRecord(x) ? x[key] : undefined;
  return Array.isArray(value) ? value : [];
}

export function textAt(x: unknown, key: string): string | undefined {
  const value = isRecord(x) ? x[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** Every record in a manifest, at any depth: custom kinds keep their pods where they like. */
export function recordsIn(x: unknown): readonly ManifestRecord[] {
  if (Array.isArray(x)) return x.flatMap(recordsIn);
  return isRecord(x) ? [x, ...Object.values(x).flatMap(recordsIn)] : [];
}
