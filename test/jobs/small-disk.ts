import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A disk of some megabytes, in memory, that can be filled to the last byte. */
export class SmallDisk {
  private readonly ballast: string;

  private constructor(readonly folder: string) {
    this.ballast = join(folder, 'ballast');
  }

  /** @returns `undefined` where nothing can be mounted: it takes root, and Linux. */
  static mount(folder: string, bytes: number): SmallDisk | undefined {
    mkdirSync(folder, { recursive: true });
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder], {
        stdio: 'ignore',
      });
    } catch {
      console.log('      skipped, a small disk cannot be mounted (it takes root)');
      return undefined;
    }
    return new SmallDisk(folder);
  }

  fill(): void {
    const file = openSync(this.ballast, 'w');
    try {
      for (let chunk = Buffer.alloc(1024 ** 2); ;) writeSync(file, chunk);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      closeSync(file);
    }
  }

  free(): void {
    rmSync(this.ballast, { force: true });
  }

  unmount(): void {
    execFileSync('umount', [this.folder]);
  }
}
