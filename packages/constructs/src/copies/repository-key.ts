import { isModelName, modelFilePath } from '@manara/contract';

/** Which version of which model an object is, in the layout of a model repository. */
export interface RepositoryKey {
  readonly model: string;
  readonly version: number;
}

/** Reads `<model>/<version>/model.onnx`; `undefined` for any other key. */
export function repositoryKey(key: string): RepositoryKey | undefined {
  const [model = '', version = ''] = key.split('/');
  const read = { model, version: Number(version) };
  const canBe = isModelName(model) && Number.isSafeInteger(read.version) && read.version > 0;
  return canBe && modelFilePath(model, read.version) === key ? read : undefined;
}
