import { Absent } from '../absent';
import { Peer } from '../peer';
import { either, type Kind, kind, optional, record, text } from './props';

export * from './props';

// Known by what they hold and not by their class: a second copy of a package makes the same.
const holding = (title: string, key: string, holds: (value: unknown) => boolean): Kind =>
  kind(title, (value) => holds((value as Record<string, unknown> | null | undefined)?.[key]));
const method = (value: unknown): boolean => typeof value === 'function';

export const portNumber = kind(
  'a port from 1 to 65535',
  (value) => Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= 65_535,
);
export const peer = kind('a Peer', (value) => Peer.isPeer(value));
export const duration = holding('a Duration of cdk8s', 'toMilliseconds', method);
export const size = holding('a Size of cdk8s', 'toKibibytes', method);
export const imageRegistry = holding('an ImageRegistry', 'kind', (value) => value === 'image');
export const modelBucket = holding('a ModelBucket', 'kind', (value) => value === 'artifact');
export const modelArtifact = holding('a ModelArtifact', 'buckets', Array.isArray);
export const modelVersion = holding('a ModelVersion', 'artifact', (value) => value !== undefined);
export const serviceMesh = holding('a ServiceMesh', 'lowering', (value) => value !== undefined);
export const servingEngine = holding('a ServingEngine', 'lowering', (value) => value !== undefined);

/** An image in a registry: the shape of `ImageName`. */
export const imageName = record({ name: text, tag: text, digest: optional(text) });

/** How a bucket is kept equal to another: the shape of `BucketCopy`. */
export const bucketCopy = record({
  from: modelBucket,
  every: duration,
  access: optional(record({ role: text, endpoint: optional(text), tokenEndpoint: optional(text) })),
});

export const absent = kind("none('why')", (value) => Absent.isAbsent(value));

/**
 * A flow that is declared or said to be absent. One that is left out passes: the residency check
 * refuses it by its rule, with all others.
 */
export function declared(flow: Kind): Kind {
  return optional(either(flow, absent));
}

/** A sink, by the flow that it takes. */
export function sink(title: string, flow: string): Kind {
  return declared(holding(title, 'kind', (value) => value === flow));
}
