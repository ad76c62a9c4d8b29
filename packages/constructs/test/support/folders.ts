import { join, resolve } from 'node:path';

/** `packages/constructs`, seen from its compiled tests. */
export const packageFolder = resolve(__dirname, '../../..');
export const repositoryFolder = resolve(packageFolder, '../..');
/** Holds `fraud/1/model.onnx` and `fraud/2/model.onnx`. */
export const modelRepository = join(repositoryFolder, 'examples/models/repository');
