import type { Place } from '@manara/residency';
import { Construct } from 'constructs';
import { ConstructError } from '../../construct-error';
import type { ModelBucket } from '../../model-bucket';
import type { Workload } from '../lowering';

/** A file that a job brings to a claim. */
export interface CopiedFile {
  /** Where it lies: `pvc://model-store/fraud/1/model.onnx`. */
  readonly uri: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** Two copies of this package, in one tree, must know each other's. */
const brand = Symbol.for('@manara/constructs.CopiedWeights');

/** What copies the weights of an endpoint in a site. */
export class CopiedWeights extends Construct {
  static isCopiedWeights(x: unknown): x is CopiedWeights {
    return typeof x === 'object' && x !== null && brand in x;
  }

  constructor(
    scope: Construct,
    id: string,
    readonly files: readonly CopiedFile[],
  ) {
    super(scope, id);
    Object.defineProperty(this, brand, { value: true });
  }
}

/** The weights of a workload that lie in a copy. */
export function copiedFiles(
  { endpoint, site }: Workload,
  copy: ModelBucket<Place>,
): readonly CopiedFile[] {
  return endpoint.weights
    .map(({ artifact }) => artifact)
    .filter((artifact) => artifact.bucketFor(site.place) === copy)
    .flatMap(({ key, sha256, sizeBytes, explanation }) => [
      { uri: copy.uriOf(key), sha256, bytes: sizeBytes },
      // Its size is not known, and too small to count: 1 MiB at most.
      ...(explanation
        ? [{ uri: copy.uriOf(explanation.key), sha256: explanation.sha256, bytes: 0 }]
        : []),
    ]);
}

/**
 * Two endpoints that put different weights in one place would overwrite each other's for ever.
 *
 * @throws ConstructError MANARA_ENGINE
 */
export function refuseOthers({ endpoint, site }: Workload, files: readonly CopiedFile[]): void {
  for (const child of site.node.children) {
    const others = child.node.tryFindChild('weights-copy');
    if (!CopiedWeights.isCopiedWeights(others)) continue;
    for (const file of files) {
      const other = others.files.find(({ uri }) => uri === file.uri);
      if (other === undefined || other.sha256 === file.sha256) continue;
      throw new ConstructError(
        'MANARA_ENGINE',
        endpoint.path,
        `versions: "${file.uri}" holds the file ${other.sha256.slice(0, 12)}… of endpoint "${child.node.id}"; expected the same, or another claim or key, received ${file.sha256.slice(0, 12)}…`,
      );
    }
  }
}
