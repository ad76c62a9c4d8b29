import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError, messageOf, systemCode } from '../cli-error';

/** Stands in the output folder and says which files are ours to replace and to remove. */
export const listingName = '.manara-files.json';

/**
 * Files that each program has written below an output folder, by the program's folder as seen from
 * there: two programs may share an output.
 */
export type Listing = Readonly<Record<string, readonly string[]>>;

interface ListingFile {
  readonly version: 1;
  readonly programs: Listing;
}

/** @throws CliError for a listing that this version cannot read */
export async function readListing(output: string): Promise<Listing> {
  const path = join(output, listingName);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return {};
    throw error;
  }
  const listing = parse(text, path);
  if (!isListingFile(listing)) {
    throw new CliError(
      `${path}: is not a listing of version 1; remove the output folder, or choose another one`,
    );
  }
  return listing.programs;
}

/** In one step: a listing that is half written would disown files. */
export async function writeListing(output: string, programs: Listing): Promise<void> {
  const path = join(output, listingName);
  const content: ListingFile = { version: 1, programs };
  await writeFile(`${path}.new`, `${JSON.stringify(content, null, 2)}\n`);
  await rename(`${path}.new`, path);
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CliError(`${path}: is not JSON: ${messageOf(error)}`, { cause: error });
  }
}

function isListingFile(x: unknown): x is ListingFile {
  if (typeof x !== 'object' || x === null || !('version' in x) || !('programs' in x)) return false;
  const { version, programs } = x;
  return (
    version === 1 &&
    typeof programs === 'object' &&
    programs !== null &&
    Object.values(programs).every((files) => Array.isArray(files) && files.every(isInside))
  );
}

/** A listing that somebody edited must not make us remove what lies elsewhere. */
function isInside(file: unknown): boolean {
  return typeof file === 'string' && !file.startsWith('/') && !file.split('/').includes('..');
}
