import { fetchSchemes } from '@manara/contract';
import type { Place } from '@manara/residency';
import { PersistentVolumeClaim, Volume, type VolumeMount } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { ConstructError } from '../../construct-error';
import type { ModelArtifact } from '../../model-artifact';
import { schemeOf } from '../../uri';
import type { Workload } from '../lowering';

/** Where a claim named by a `pvc://` address is mounted in the init container. */
const claimsFolder = '/mnt/claims';

/** Address that the init container reads: the bucket's, or a path on a mounted claim. */
export function weightsUri(artifact: ModelArtifact<Place>, place: Place): string {
  const uri = artifact.bucketFor(place).uriOf(artifact.key);
  return uri.replace(/^pvc:\/\//, `file://${claimsFolder}/`);
}

/**
 * Mounts for the claims that the weights lie on.
 *
 * @throws ConstructError MANARA_ENGINE for an address that a pod cannot read
 */
export function claimMounts(
  scope: Construct,
  { endpoint, site }: Workload,
): readonly VolumeMount[] {
  const uris = endpoint.versions.map(({ artifact }) =>
    artifact.bucketFor(site.place).uriOf(artifact.key),
  );
  for (const uri of uris) {
    const scheme = schemeOf(uri);
    if (scheme === 'file:') {
      throw new ConstructError(
        'MANARA_ENGINE',
        endpoint.path,
        `versions: a pod cannot read "${uri}", a path of one machine; publish the weights in a bucket, or on a claim as pvc://<claim>/<path>`,
      );
    }
    if (scheme !== undefined && scheme !== 'pvc:' && !fetchSchemes.some((s) => s === scheme)) {
      throw new ConstructError(
        'MANARA_ENGINE',
        endpoint.path,
        `versions: the server cannot fetch "${uri}"; expected ${fetchSchemes.join(', ')} or pvc:`,
      );
    }
  }
  const claims = new Set(uris.flatMap((uri) => /^pvc:\/\/([^/]+)\//.exec(uri)?.[1] ?? []));
  return [...claims].map((name) => ({
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
