import { relative, sep } from 'node:path';

/** A path as people type it: relative to the working directory where it lies below that. */
export function shownPath(path: string): string {
  const below = relative(process.cwd(), path);
  if (below === '') return '.';
  return below === '..' || below.startsWith(`..${sep}`) ? path : below;
}
