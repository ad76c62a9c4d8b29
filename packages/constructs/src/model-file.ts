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

/** What stands in a checkout where Git LFS keeps a file and nobody fetched it. */
const lfsPointer = 'version https://git-lfs.github.com/spec/';

/** Many endpoints may serve one file; it is read once, and again when it has changed. */
const cache = new Map<string, { readonly stamp: string; readonly file: ModelFile }>();

/**
 * @param file path, relative to the working directory
 * @throws ConstructError MANARA_MODEL_FILE where it is missing or no ONNX model
 */
export function readModelFile(file: string): ModelFile {
  const path = resolve(file);
  const refuse = (found: string): never => {
    const message = `file: expected an ONNX file at "${path}", found ${found}`;
    throw new ConstructError('MANARA_MODEL_FILE', 'ModelArtifact', message);
  };
  const stat = attempt(() => statSync(path, { throwIfNoEntry: false }), refuse);
  if (stat === undefined) {
    return refuse(
      'none; a path starts at the working directory, or say join(__dirname, …) for one beside the program',
    );
  }
  if (!stat.isFile()) return refuse(stat.isDirectory() ? 'a folder' : 'no regular file');
  const stamp = `${stat.size}:${stat.mtimeMs}`;
  const cached = cache.get(path);
  if (cached?.stamp === stamp) return cached.file;
  const bytes = attempt(() => readFileSync(path), refuse);
  if (bytes.subarray(0, lfsPointer.length).toString() === lfsPointer) {
    return refuse('a pointer of Git LFS; fetch the file itself: git lfs pull');
  }
  const read: ModelFile = {
    path,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    sizeBytes: bytes.byteLength,
    signature: readOnnxSignature(path, bytes),
  };
  cache.set(path, { stamp, file: read });
  return read;
}

/** A file that is there and may not be read is told from one that is no model. */
function attempt<T>(read: () => T, refuse: (found: string) => never): T {
  try {
    return read();
  } catch (error) {
    return refuse(
      `one that cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
