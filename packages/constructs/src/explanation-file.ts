import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { posix, resolve } from 'node:path';
import { explanationFile, parseExplanation } from '@manara/contract';
import { ConstructError } from './construct-error';
import { type DigestedFile, publishedDigest } from './file-digest';
import { optional, path, record, text } from './props/props';

/** The `explain.json` of a version: what requests for explanations may leave out. */
export interface ExplanationProps {
  /**
   * Key of the object in the artifact's bucket, and in each copy.
   * @default - `explain.json` beside the weights; in a registry it must be given
   */
  readonly key?: string;
  /**
   * The same file on this machine. Its digest is read from it, and `manara dev` serves it.
   * @default - none: `sha256` must then be given
   */
  readonly file?: string;
  /**
   * SHA-256 of the file, in lower-case hexadecimal. Checked against `file`, and by every pod.
   * @default - computed from `file`
   */
  readonly sha256?: string;
}

/** Where a version's `explain.json` is published, and what it is known by. */
export interface PublishedExplanation {
  readonly key: string;
  readonly sha256: string;
  /** Absolute path of the local file, where one was given. */
  readonly file: string | undefined;
}

export const explanationKind = record({
  key: optional(text),
  file: optional(path),
  sha256: optional(text),
});

/** Where the file lies whose model has this key. */
export function explanationBeside(key: string): string {
  return posix.join(posix.dirname(key), explanationFile);
}

/**
 * @param at what the errors name
 * @param beside key of the weights
 * @throws ConstructError MANARA_MODEL_FILE for a file that is missing or no `explain.json`; MANARA_DIGEST for a
 * digest that is malformed, missing, or not the file's
 */
export function publishedExplanation(
  at: string,
  { key, file, sha256 }: ExplanationProps,
  beside: string,
): PublishedExplanation {
  const read = file === undefined ? undefined : readExplanation(at, resolve(file));
  return {
    key: key ?? explanationBeside(beside),
    sha256: publishedDigest(at, 'explanation.sha256', sha256, read),
    file: read?.path,
  };
}

function readExplanation(at: string, file: string): DigestedFile {
  try {
    const bytes = readFileSync(file);
    parseExplanation(JSON.parse(bytes.toString()));
    return { path: file, sha256: createHash('sha256').update(bytes).digest('hex') };
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw new ConstructError(
      'MANARA_MODEL_FILE',
      at,
      `explanation.file: expected an ${explanationFile} at "${file}", found: ${found}`,
    );
  }
}
