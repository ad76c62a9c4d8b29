import type { ServedModel } from '@manara/contract';
import type { Place } from '@manara/residency';
import { PersistentVolumeClaim, Volume, type VolumeMount } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { ModelArtifact } from '../../model-artifact';
import type { ModelBucket } from '../../model-bucket';
import { schemeOf } from '../../props/uri';
import type { Workload } from '../lowering';

/** Where a claim named by a `pvc://` address is mounted in the init container. */
export const claimsFolder = '/mnt/claims';

/** Files of a version: where each is read, and its digest. */
export type PublishedFiles = Pick<ServedVersion, 'uri' | 'sha256' | 'explanation'>;

type ServedVersion = ServedModel['versions'][number];

/** What a bucket has of an artifact, as the fetch mode is told. */
export function publishedFiles(
  { key, sha256, explanation }: ModelArtifact<Place>,
  bucket: ModelBucket<Place>,
): PublishedFiles {
  return {
    uri: readUri(bucket, key),
    sha256,
    ...(explanation && {
      explanation: { uri: readUri(bucket, explanation.key), sha256: explanation.sha256 },
    }),
  };
}

/** Address that the init container reads: the bucket's, or a path on a mounted claim. */
function readUri(bucket: ModelBucket<Place>, key: string): string {
  const uri = bucket.uriOf(key);
  return schemeOf(uri) === 'pvc:' ? `file://${folderOn(uri)}` : uri;
}

/** Where what a `pvc://` address names is mounted. */
export function folderOn(uri: string): string {
  return uri.replace(/^pvc:\//, claimsFolder);
}

/** Name of the claim that a `pvc://` address begins with. */
export function claimOf(uri: string): string | undefined {
  return /^pvc:\/\/([^/]+)/.exec(uri)?.[1];
}

/** Names of the claims that the weights lie on, each once. */
export function claimsOf({ endpoint, site }: Workload): readonly string[] {
  const uris = endpoint.weights.map(({ artifact }) =>
    artifact.bucketFor(site.place).uriOf(artifact.key),
  );
  return [...new Set(uris.flatMap((uri) => claimOf(uri) ?? []))];
}

/** Mounts for the claims that the weights lie on. */
export function claimMounts(scope: Construct, workload: Workload): readonly VolumeMount[] {
  return claimsOf(workload).map((name) => ({
    path: `${claimsFolder}/${name}`,
    readOnly: true,
    volume: Volume.fromPersistentVolumeClaim(
      scope,
      `claim-${name}-volume`,
      PersistentVolumeClaim.fromClaimName(scope, `claim-${name}`, name),
      { name: `claim-${name}`, readOnly: true },
    ),
  }));
}
