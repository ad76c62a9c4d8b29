import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { datatypes, modelConfigFile, modelFilePath } from '@manara/contract';
import { add, identity } from '@manara/runtime/build/test/support/models';

/**
 * Models that are made for tests, in Triton's layout: `identity_DATATYPE` gives `x` of shape [2,3] back
 * as `y`, `add` adds `a` and `b` of up to four rows.
 */
export function layOutTestModels(repository: string): void {
  const models = new Map([
    ['add', add()],
    ['scalar', identity('FP32', [])],
    ...datatypes.map(
      (datatype) => [`identity_${datatype.toLowerCase()}`, identity(datatype, [2, 3])] as const,
    ),
  ]);
  for (const [name, bytes] of models) {
    mkdirSync(join(repository, name, '1'), { recursive: true });
    writeFileSync(join(repository, modelFilePath(name, 1)), bytes);
  }
  writeFileSync(join(repository, 'add', modelConfigFile), 'max_batch_size: 4\n');
}
