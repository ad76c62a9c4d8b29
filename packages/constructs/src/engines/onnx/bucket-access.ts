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
  return merged(workload, 'place, endpoint', (bucket): Readonly<Record<string, string>> => {
    const { region, endpoint } = bucket.s3 ?? {};
    if (region === undefined) return {};
    // An empty endpoint is the region's own; it is told apart here, and left out below.
    return { [s3Environment.region]: region, [s3Environment.endpoint]: endpoint ?? '' };
  });
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
  return Object.fromEntries(
    [...taken].flatMap(([key, { value }]) => (value === '' ? [] : [[key, value] as const])),
  );
}
