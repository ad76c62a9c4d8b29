import { probe, type ProbeOptions } from '../engine/probe';
import type { Scheduler } from '../engine/scheduler';
import type { RequestSignature } from '../protocol/validate';
import type { ServerMetrics } from '../telemetry/metrics';
import { checkDigest, digestOf } from './digest';
import { LoadedVersion } from './loaded-version';
import type { ModelConfig } from './model-config';
import { fingerprint, type ScannedModel } from './scan';
import { runOptions } from './run-options';
import { requestSignature } from './signature';
import { VersionStatistics } from './statistics';

export interface LoaderOptions {
  readonly probe: ProbeOptions;
  /** Whether a model's answers are cached. */
  readonly isCached: (model: string, config: ModelConfig) => boolean;
  /** Told of each version before the engine gets it. @throws Error saying why it cannot be served */
  readonly check: (model: string, version: number, signature: RequestSignature) => void;
}

/** Brings versions from disk into the engine, and out of it again. */
export class VersionLoader {
  private loads = 0;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly metrics: ServerMetrics,
    private readonly options: LoaderOptions,
  ) {}

  /**
   * Digest, probe in a child process, signature against the configuration, then the engine: each
   * step guards the next.
   *
   * @param sha256 - digest that the file must have. @default - not checked
   * @throws Error saying why the version cannot be served; then the engine does not hold it.
   */
  async load(scanned: ScannedModel, version: number, sha256?: string): Promise<LoadedVersion> {
    const { name, config } = scanned;
    const file = scanned.fileOf(version);
    const print = await fingerprint(scanned, version);
    const { probe: probeOptions, isCached } = this.options;
    if (sha256 !== undefined) await checkDigest(file, sha256, probeOptions.signal);
    const digest = isCached(name, config)
      ? (sha256 ?? (await digestOf(file, probeOptions.signal)))
      : undefined;
    const probed = await probe(file, probeOptions);
    const signature = requestSignature(name, config, probed.signature);
    this.options.check(name, version, signature);
    const key = `${name}/${version}#${++this.loads}`;
    const metrics = this.metrics.version(name, version, () => this.scheduler.waiting(key));
    const statistics = new VersionStatistics();
    await this.scheduler.admit(key, file, {
      ...runOptions(config, probed),
      onRun: () => {
        metrics.executions.inc();
        statistics.recordExecution();
      },
    });
    // What was checked and hashed must be what the engine read.
    if ((await fingerprint(scanned, version).catch(String)) !== print) {
      await this.scheduler.release(key);
      throw new Error(
        'its file or its config.pbtxt was changed while it was loaded; load it again',
      );
    }
    metrics.ready(true);
    return new LoadedVersion({
      model: name,
      version,
      key,
      fingerprint: print,
      digest,
      config,
      signature,
      metrics,
      statistics,
    });
  }

  /** Lets requests in hand finish, then frees the sessions. New requests must not find it any more. */
  async unload(loaded: LoadedVersion): Promise<void> {
    await loaded.unused();
    await this.scheduler.release(loaded.key);
  }
}
