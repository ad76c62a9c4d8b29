import { readFileSync } from 'node:fs';
import { join } from 'node:path';

// Compiled code runs in `build/src`.
const packageRoot = join(__dirname, '..', '..');

/** Path of a file of this package. */
export function packageFile(...segments: readonly string[]): string {
  return join(packageRoot, ...segments);
}

/** What a JSON file of this package holds; the caller knows its shape, and a test checks it. */
export function readJson(...segments: readonly string[]): unknown {
  return JSON.parse(readFileSync(packageFile(...segments), 'utf8'));
}
