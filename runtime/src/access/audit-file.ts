import { type FileHandle, open, stat } from 'node:fs/promises';
import { ConfigurationError } from '../start-error';
import type { LineSink } from '../telemetry/log-destination';

/** Lines that may wait for the disk; beyond, no more is taken. */
const maxWaiting = 10_000;

/**
 * Adds lines to a file, one after the other. A file that was moved away (as logrotate does) or removed is
 * noticed with the next line, which goes into a new one.
 */
export class AuditFile implements LineSink {
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  private torn = false;

  private constructor(
    private readonly path: string,
    private file: FileHandle,
  ) {}

  /** @throws ConfigurationError */
  static async open(path: string): Promise<AuditFile> {
    try {
      return new AuditFile(path, await openFile(path));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ConfigurationError(`audit.file cannot be written: ${reason}`, { cause: error });
    }
  }

  deliver(line: string): Promise<void> {
    if (this.waiting >= maxWaiting) {
      return Promise.reject(new Error(`${maxWaiting} lines wait to be written already`));
    }
    this.waiting++;
    const written = this.last.then(() => this.append(line));
    this.last = written
      .catch(() => undefined)
      .finally(() => {
        this.waiting--;
      });
    return written;
  }

  async close(): Promise<void> {
    await this.last;
    await this.file.close();
  }

  private async append(line: string): Promise<void> {
    await this.follow();
    // A full disk may have taken the beginning of the line before.
    const bytes = Buffer.from(this.torn ? `\n${line}` : line);
    this.torn = true;
    for (let at = 0; at < bytes.length;) {
      const { bytesWritten } = await this.file.write(bytes, at);
      at += bytesWritten;
    }
    this.torn = false;
  }

  private async follow(): Promise<void> {
    const [own, there] = await Promise.all([
      this.file.stat(),
      stat(this.path).catch(() => undefined),
    ]);
    if (own.ino === there?.ino && own.dev === there.dev) return;
    const old = this.file;
    this.file = await openFile(this.path);
    this.torn = false;
    await old.close();
  }
}

function openFile(path: string): Promise<FileHandle> {
  return open(path, 'a', 0o600);
}
