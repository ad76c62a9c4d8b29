import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { ConfigurationError } from '../start-error';

/** Files that are one thing together, such as a certificate and its key. */
export interface FileSet {
  /** What they are to people: it begins the messages. */
  readonly what: string;
  readonly paths: readonly string[];
  /** Takes what they hold, in the order of `paths`. Throws where it cannot be used, having changed nothing. */
  readonly apply: (contents: readonly Buffer[]) => void;
}

/** Takes files as they are, then follows them. @throws ConfigurationError where they cannot be used. */
export type Follow = (what: string, paths: FileSet['paths'], apply: FileSet['apply']) => void;

/** Told when files were taken anew, or could not be; then what was there stays. */
export interface FileNews {
  readonly reloaded: (what: string) => void;
  readonly refused: (what: string, reason: string) => void;
}

/**
 * Follows files by their contents. Notices of the file system do not do: a mounted Secret changes by a
 * swap of a symbolic link above the file, and some volumes send none.
 */
export class FollowedFiles {
  private readonly timer: NodeJS.Timeout;
  private latest: readonly Buffer[];
  private lastFault = '';
  private underWay = false;

  /**
   * Takes the files as they are, then follows them.
   *
   * @throws ConfigurationError where they cannot be read or used.
   */
  constructor(
    private readonly files: FileSet,
    private readonly news: FileNews,
    everyMillis: number,
  ) {
    try {
      this.latest = files.paths.map((path) => readFileSync(path));
      files.apply(this.latest);
    } catch (error) {
      throw new ConfigurationError(`${files.what} cannot be used: ${reasonOf(error)}`, {
        cause: error,
      });
    }
    this.timer = setInterval(() => {
      void this.look();
    }, everyMillis).unref();
  }

  close(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    if (this.underWay) return;
    this.underWay = true;
    try {
      const contents = await Promise.all(this.files.paths.map((path) => readFile(path)));
      const changed = contents.some((content, i) => !this.latest[i]?.equals(content));
      if (changed) {
        // Taken again at each look until they can be used: a certificate may be valid only from later on.
        this.files.apply(contents);
        this.latest = contents;
        this.news.reloaded(this.files.what);
      }
      this.lastFault = '';
    } catch (error) {
      const fault = reasonOf(error);
      if (fault !== this.lastFault) this.news.refused(this.files.what, fault);
      this.lastFault = fault;
    } finally {
      this.underWay = false;
    }
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
