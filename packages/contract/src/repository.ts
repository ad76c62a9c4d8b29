/**
 * Triton's model repository on disk: `<model>/config.pbtxt`, `<model>/<version>/model.onnx`.
 * Source: Triton Inference Server, "Model Repository"; read 2026-11.
 */
export const modelFile = 'model.onnx';
export const modelConfigFile = 'config.pbtxt';

/** Path of a version's folder below the repository, with forward slashes. */
export function versionFolder(model: string, version: number): string {
  return `${model}/${version}`;
}

/** Path of a version's file below the repository, with forward slashes. */
export function modelFilePath(model: string, version: number): string {
  return `${versionFolder(model, version)}/${modelFile}`;
}

/** Names that are a folder, a route segment and a metric label alike. */
export const modelNamePattern = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9])?$/;

/** `GET /v2/models/stats` is the statistics of all models, so that one of this name has no metadata. */
const reservedName = 'stats';

export const modelNameRule =
  'letters, digits, ".", "_" and "-", 1 to 128 characters, starting and ending with a letter or digit; not "stats"';

export function isModelName(text: string): boolean {
  return text !== reservedName && modelNamePattern.test(text);
}

/** Versions are positive integers without a leading zero, as Triton numbers its folders. */
export function parseModelVersion(text: string): number | undefined {
  if (!/^[1-9][0-9]{0,15}$/.test(text)) return undefined;
  const version = Number(text);
  return Number.isSafeInteger(version) ? version : undefined;
}
