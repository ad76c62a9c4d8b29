import { ConstructError } from './construct-error';

/** A file on this machine, as far as its digest is concerned. */
export interface DigestedFile {
  readonly path: string;
  readonly sha256: string;
}

/**
 * The digest that a published file is known by.
 *
 * @param at what the errors name
 * @param prop the prop that gives it
 * @param file the same file on this machine, where there is one
 * @throws ConstructError MANARA_DIGEST for a digest that is malformed, missing, or not the file's
 */
export function publishedDigest(
  at: string,
  prop: string,
  given: string | undefined,
  file: DigestedFile | undefined,
): string {
  const refuse = (expected: string): never => {
    throw new ConstructError('MANARA_DIGEST', at, `${prop}: expected ${expected}`);
  };
  if (given !== undefined && !/^[0-9a-f]{64}$/.test(given)) {
    return refuse(`64 lower-case hexadecimal digits; received "${given}"`);
  }
  if (file !== undefined && given !== undefined && given !== file.sha256) {
    return refuse(
      `${given}, but file "${file.path}" has ${file.sha256}; name the file that is published, or leave ${prop} out to take the file's`,
    );
  }
  return (
    given ??
    file?.sha256 ??
    refuse('a digest, or a local file to compute it from; received neither')
  );
}
