import type { Place } from '@manara/residency';
import { ConstructError } from './construct-error';
import { modelArtifact } from './props/kinds';
import type { ModelArtifact } from './model-artifact';
import { anyNumber, checkProps } from './props/props';

/** An artifact with a number. Versions of a model coexist; callers address one by its path. */
export class ModelVersion<const P extends Place> {
  /**
   * @param number positive integer; the folder's name in Triton's layout
   * @throws ConstructError MANARA_VERSIONS for any other number
   */
  constructor(
    readonly number: number,
    readonly artifact: ModelArtifact<P>,
  ) {
    checkProps(
      'ModelVersion',
      { number, artifact },
      { number: anyNumber, artifact: modelArtifact },
    );
    if (!Number.isSafeInteger(number) || number < 1) {
      throw new ConstructError(
        'MANARA_VERSIONS',
        'ModelVersion',
        `number: expected a positive integer; received ${number}`,
      );
    }
  }
}
