import { readFile } from 'node:fs/promises';
import { parseServerConfig, type ServerConfig } from '@manara/contract';
import type { ServerEvent, ServerLog } from './telemetry/logger';

/** A part of the configuration that is taken up without a restart. */
export interface FollowedPart<T> {
  readonly read: (config: ServerConfig) => T;
  /** As the server was started with. */
  readonly initial: T;
  /** @throws Error saying why it cannot be used; then all stays as it was. */
  readonly take: (part: T) => void;
  /** In the log's words: `the variants`. */
  readonly name: string;
  readonly changed: ServerEvent;
  readonly refused: ServerEvent;
}

/**
 * Follows a part of the configuration file, by looking: Kubernetes changes a mounted ConfigMap by moving a
 * link, which watches of files miss. The rest of the file needs a restart.
 */
export class ConfigReload<T> {
  private readonly timer: NodeJS.Timeout;
  private text: string | undefined;
  private known: string;

  constructor(
    private readonly file: string,
    seconds: number,
    private readonly part: FollowedPart<T>,
    private readonly log: ServerLog,
  ) {
    this.known = JSON.stringify(part.initial);
    this.timer = setInterval(() => void this.look(), seconds * 1000).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Takes the part up where it has changed. What is wrong with the file leaves it as it is. */
  async look(): Promise<void> {
    const { read, take, name, changed, refused } = this.part;
    try {
      const text = await readFile(this.file, 'utf8');
      if (text === this.text) return;
      this.text = text;
      const part = read(parseServerConfig(JSON.parse(text)));
      const now = JSON.stringify(part);
      if (now === this.known) return;
      take(part);
      this.known = now;
      this.log.write('info', changed, `${name} are those of the new configuration`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.log.write('error', refused, `${name} stay as they were: ${reason}`);
    }
  }
}
