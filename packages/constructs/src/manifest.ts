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

/** The pod that an object runs: a Pod's own, a workload's template, or a CronJob's. */
export function podSpecOf(manifest: unknown): ManifestRecord | undefined {
  const spec = recordAt(manifest, 'spec');
  if (textAt(manifest, 'kind') === 'Pod') return spec;
  const job = recordAt(recordAt(spec, 'jobTemplate'), 'spec') ?? spec;
  return recordAt(recordAt(job, 'template'), 'spec');
}
