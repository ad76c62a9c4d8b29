import { type BigIntStats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';

/**
 * A model's file as it was when it was admitted. A thread that is replaced much later must load what was
 * checked then, whatever stands at that path by now: the file is kept open, and read by what is open.
 *
 * Where the system has no `/proc` its path has to do; then a file that was replaced counts as changed.
 */
export class HeldFile {
  private constructor(
    private readonly handle: FileHandle,
    /** Path that the held file is read by, in this process alone. */
    readonly path: string,
    private readonly state: string,
  ) {}

  /** @throws Error of Node.js where it cannot be read. */
  static async open(file: string): Promise<HeldFile> {
    const handle = await open(file);
    try {
      const own = `/proc/self/fd/${handle.fd}`;
      const path = await stat(own).then(
        () => own,
        () => file,
      );
      return new HeldFile(handle, path, fileState(await handle.stat({ bigint: true })));
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** @throws Error where what `path` leads to is not what was opened, as it was then. */
  async check(): Promise<void> {
    const now = await stat(this.path, { bigint: true }).then(fileState, String);
    if (now !== this.state) {
      throw new Error('its file was changed after it was loaded; load the model again');
    }
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}

/** What tells one state of a file from another without reading it. */
export function fileState({ dev, ino, size, mtimeNs }: BigIntStats): string {
  return `${dev} ${ino} ${size} ${mtimeNs}`;
}
