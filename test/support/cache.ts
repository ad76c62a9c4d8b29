import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where suites keep what is costly to make; `MANARA_CACHE` moves it. @default ~/.cache/manara */
export function cacheFolder(...below: readonly string[]): string {
  return join(process.env.MANARA_CACHE ?? join(homedir(), '.cache', 'manara'), ...below);
}
