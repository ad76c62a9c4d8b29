import { readFile } from 'node:fs/promises';
import { parseServerConfig } from '@manara/contract';
import type { ServerLog } from '../telemetry/logger';
import type { RoutedModels } from './router';

/**
 * Follows the `variants.models` of the configuration file, by looking: Kubernetes changes a
 * mounted file by moving a link, which watches of files miss. The rest of the file needs a restart.
 */
export class VariantsReload {
  private readonly timer: NodeJS.Timeout;
  private text: string | undefined;
  private models: string;

  constructor(
    private readonly file: string,
    seconds: number,
    private readonly variants: { replace(models: RoutedModels): void },
    private readonly log: ServerLog,
    initial: RoutedModels,
  ) {
    this.models = JSON.stringify(initial);
    this.timer = setInterval(() => void this.look(), seconds * 1000).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Takes the file up where it has changed. What is wrong with it leaves the variants as they are. */
  async look(): Promise<void> {
    try {
      const text = await readFile(this.file, 'utf8');
      if (text === this.text) return;
      this.text = text;
      const models = parseServerConfig(JSON.parse(text)).variants?.models ?? {};
      const now = JSON.stringify(models);
      if (now === this.models) return;
      this.models = now;
      this.variants.replace(models);
      this.log.write('info', 'variants_changed', 'requests are routed by the new configuration');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.log.write('error', 'variants_refused', `the variants stay as they were: ${reason}`);
    }
  }
}
