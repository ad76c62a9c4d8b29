import { flags, s3Environment } from '@manara/contract';
import type { Place } from '@manara/residency';
import { ConstructError } from '../../construct-error';
import type { ModelBucket } from '../../model-bucket';
import type { Labels } from '../../peer';
import type { WayOut } from '../../pods/network-rules';
import { portOf } from '../../props/uri';
import type { Workload } from '../lowering';
import { storeAddresses } from './store-addresses';

/** The buckets that a pod reads, each once. */
export function bucketsOf({ endpoint, site }: Workload): readonly ModelBucket<Place>[] {
  return [...new Set(endpoint.weights.map((v) => v.artifact.bucketFor(site.place)))];
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
 * Environment of the container that fetches: one region and one endpoint of S3 for the process, and one
 * folder with the registries' login.
 *
 * @throws ConstructError MANARA_ENGINE where two buckets need different ones
 */
export function fetchEnvironment(workload: Workload): Readonly<Record<string, string>> {
  return {
    ...merged(workload, 'place, endpoint', (bucket) => s3Variables(bucket)),
    ...(loginSecret(workload) === undefined ? {} : { DOCKER_CONFIG: loginFolder }),
  };
}

/** Where the registries' login is mounted. */
export const loginFolder = '/etc/manara-login';

/**
 * Name of the Secret with the registries' login, where they have one.
 *
 * @throws ConstructError MANARA_ENGINE where two buckets have different ones
 */
export function loginSecret(workload: Workload): string | undefined {
  const secrets = merged(
    workload,
    'loginSecret',
    ({ loginSecret: name }): Readonly<Record<string, string>> =>
      name === undefined ? {} : { DOCKER_CONFIG: name },
  );
  return secrets.DOCKER_CONFIG;
}

/** Ways to a bucket, at the endpoint where it answers, and to where it leads its readers. */
export function waysTo(bucket: ModelBucket<Place>, endpoint?: string): readonly WayOut[] {
  const { peer } = bucket;
  if (peer === undefined) return [];
  const addresses = storeAddresses(bucket, endpoint);
  return [...new Set(addresses.map(portOf))].map((port) => ({
    peer,
    port,
    addresses: addresses.filter((address) => portOf(address) === port),
  }));
}

/** Arguments that let the container be led to the hosts that buckets declare, and to no other. */
export function hostArguments(buckets: readonly ModelBucket<Place>[]): readonly string[] {
  const hosts = new Set(buckets.flatMap(({ leadsTo }) => leadsTo));
  return [...hosts].flatMap((host) => [flags.allowHost, host]);
}

/**
 * Label without which Azure's webhook gives a pod no token, whatever its service account says.
 * Source: azure-workload-identity, "Labels and Annotations"; read 2026-11.
 */
export function identityLabels(annotations: Readonly<Record<string, string>>): Labels {
  const asks = Object.keys(annotations).some((key) => key.startsWith('azure.workload.identity/'));
  return asks ? { 'azure.workload.identity/use': 'true' } : {};
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
