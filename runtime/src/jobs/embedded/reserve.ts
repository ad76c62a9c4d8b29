import { closeSync, existsSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** More than any of the transactions needs that take away or end without a body. */
const reserveBytes = 4 * 1024 * 1024;

/**
 * Space kept back on the disk. Deleting needs some, too: a store on a full disk could not even drop
 * what has expired.
 */
export class DiskReserve {
  private readonly file: string;

  constructor(folder: string) {
    this.file = join(folder, 'reserve');
  }

  /** Takes the space where there is any. */
  take(): void {
    if (existsSync(this.file)) return;
    const zeros = Buffer.alloc(reserveBytes);
    let descriptor: number | undefined;
    try {
      descriptor = openSync(this.file, 'wx', 0o600);
      let written = 0;
      while (written < zeros.length) written += writeSync(descriptor, zeros, written);
      fsyncSync(descriptor);
    } catch {
      rmSync(this.file, { force: true });
    } finally {
      if (descriptor !== undefined) closeSync(descriptor);
    }
  }

  /** @returns whether there was any to give back */
  giveBack(): boolean {
    if (!existsSync(this.file)) return false;
    rmSync(this.file, { force: true });
    return true;
  }
}
