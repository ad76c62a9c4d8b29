import { rmSync } from 'node:fs';

/** Removes a folder of a suite's files; with `MANARA_KEEP` set it stays, logs and all, and is named. */
export function removeUnlessKept(folder: string): void {
  if (process.env.MANARA_KEEP) console.error(`kept: ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
}
