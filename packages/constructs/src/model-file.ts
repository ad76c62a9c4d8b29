import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ModelSignature } from '@manara/contract';
import { ConstructError } from './construct-error';
import { readOnnxSignature } from './onnx-file';

/** What synth reads of a local file of weights. */
export interface ModelFile {
  /** Absolute path. */
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly signature: ModelSignature;
}

/** Many endpoints may serve one file; it is read once, and again when it has changed. */
const cache = new Map<string, { readonly stamp: string; readonly file: ModelFile }>();

/**
 * @param file path, relative to the working directory
 * @throws ConstructError MANARA_MODEL_FILE where it is missing or no ONNX model
 */
export function readModelFile(file: string): ModelFile {
  const path = resolve(file);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isFile() !== true) {
    throw new ConstructError(
      'MANARA_MODEL_FILE',
      'ModelArtifact',
      `file: expected an ONNX file, found none at "${path}"`,
    );
  }
  const stamp = `${stat.size}:${stat.mtimeMs}`;
  const cached = cache.get(path);
  if (cached?.stamp === stamp) return cached.file;
  const bytes = readFileSync(path);
  const read: ModelFile = {
    path,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    sizeBytes: bytes.byteLength,
    signature: readOnnxSignature(path, bytes),
  };
  cache.set(path, { stamp, file: read });
  return read;
}
