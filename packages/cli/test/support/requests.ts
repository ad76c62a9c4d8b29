import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { modelFile } from './programs';

/** A request that either version of the fraud model answers. */
export const request = {
  inputs: [
    {
      name: 'features',
      datatype: 'FP32',
      shape: [1, 20],
      data: Array.from({ length: 20 }, () => 0),
    },
  ],
};

export const fraudDigest = createHash('sha256')
  .update(readFileSync(modelFile(1)))
  .digest('hex');
