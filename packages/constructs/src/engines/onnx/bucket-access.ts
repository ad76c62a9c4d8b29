import { s3Environment } from '@manara/contract';
import type { Place } from '@manara/residency';
import { ConstructError } from '../../construct-error';
import type { ModelBucket } from '../../model-bucket';
import type { Workload } from '../lowering';

/** The buckets that a pod reads, each once. */
export function bucketsOf({ endpoint, site }: Workload): readonly ModelBucket<Place>[] {
  return [...new Set(endpoint.versions.map((v) => v.artifact.bucketFor(site.place)))];
}

/**
 * Annotations of the pod's service account, from every bucket that it reads.
 *
 * @throws ConstructError MANARA_ENGINE where two buckets want the same one with different values
 */
export function readerAnnotations(workload: Workload): Readonly<Record<string, string>> {
  return merged(workload, 'readerAnnotations', (bucket) => bucket.readerAnnotations);
}

/**
 * Environment of the container that fetches from S3: one region and one endpoint for the process.
 *
 * @throws ConstructError MANARA_ENGINE where two buckets need different ones
 */
export function fetchEnvironment(workload: Workload): Readonly<Record<string, string>> {
  return merged(workload, 'place, endpoint', (bucket) => s3Variables(bucket));
}

/** Environment of a container that copies from one bucket, at the endpoint where it answers there. */
export function environmentFor(
  bucket: ModelBucket<Place>,
  endpoint?: string,
): Readonly<Record<string, string>> {
  return withoutEmpty(Object.entries(s3Variables(bucket, endpoint)));
}

/** An empty endpoint is the region's own; it is told apart from others, and then left out. */
function s3Variables(
  { s3 }: ModelBucket<Place>,
  endpoint = s3?.endpoint ?? '',
): Readonly<Record<string, string>> {
  if (s3 === undefined) return {};
  return { [s3Environment.region]: s3.region, [s3Environment.endpoint]: endpoint };
}

function withoutEmpty(
  entries: readonly (readonly [key: string, value: string])[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
}

function show(value: string): string {
  return value === '' ? 'none' : `"${value}"`;
}

function merged(
  workload: Workload,
  prop: string,
  entriesOf: (bucket: ModelBucket<Place>) => Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const taken = new Map<string, { readonly value: string; readonly bucket: ModelBucket<Place> }>();
  for (const bucket of bucketsOf(workload)) {
    for (const [key, value] of Object.entries(entriesOf(bucket))) {
      const first = taken.get(key);
      if (first !== undefined && first.value !== value) {
        throw new ConstructError(
          'MANARA_ENGINE',
          workload.endpoint.path,
          `versions: one pod reads all their buckets with one ${key}; expected equal ${prop}, ` +
            `received ${show(first.value)} of bucket "${first.bucket.uri}" and ${show(value)} of bucket "${bucket.uri}"`,
        );
      }
      taken.set(key, { value, bucket });
    }
  }
  return withoutEmpty([...taken].map(([key, { value }]) => [key, value]));
}
