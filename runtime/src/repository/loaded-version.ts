import type { RequestSignature } from '../protocol/validate';
import type { VersionMetrics } from '../telemetry/metrics';
import type { ModelConfig } from './model-config';
import { VersionStatistics } from './statistics';

/** A version that the engine holds: requests hold on to it until they are answered. */
export class LoadedVersion {
  readonly statistics = new VersionStatistics();
  private users = 0;
  private whenUnused: (() => void) | undefined;

  constructor(
    readonly model: string,
    readonly version: number,
    /** The engine's name for it; a reloaded file has another. */
    readonly key: string,
    readonly fingerprint: string,
    readonly config: ModelConfig,
    readonly signature: RequestSignature,
    readonly metrics: VersionMetrics,
  ) {}

  acquire(): void {
    this.users++;
  }

  release(): void {
    this.users--;
    if (this.users === 0) this.whenUnused?.();
  }

  /** Resolves once no request holds on to it. Only when new ones cannot find it any more. */
  unused(): Promise<void> {
    if (this.users === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.whenUnused = resolve;
    });
  }
}
