import { probe, type ProbeOptions } from '../engine/probe';
import type { Execution, Scheduler } from '../engine/scheduler';
import type { ServerMetrics } from '../telemetry/metrics';
import { checkDigest } from './digest';
import { LoadedVersion } from './loaded-version';
import { fingerprint, type ScannedModel } from './scan';
import { runOptions } from './run-options';
import { requestSignature } from './signature';
import { VersionStatistics } from './statistics';

/** Brings versions from disk into the engine, and out of it again. */
export class VersionLoader {
  private loads = 0;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly metrics: ServerMetrics,
    private readonly probeOptions: ProbeOptions,
    /** Told of each run of the engine. */
    private readonly onRun: (model: string, version: number, execution: Execution) => void,
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
    if (sha256 !== undefined) await checkDigest(file, sha256, this.probeOptions.signal);
    const probed = await probe(file, this.probeOptions);
    const signature = requestSignature(name, config, probed.signature);
    const key = `${name}/${version}#${++this.loads}`;
    const metrics = this.metrics.version(name, version, () => this.scheduler.waiting(key));
    const statistics = new VersionStatistics();
    await this.scheduler.admit(key, file, {
      ...runOptions(config, probed),
      onRun: (execution) => {
        metrics.executions.inc();
        statistics.recordExecution(execution.rows, execution.computeMicros);
        this.onRun(name, version, execution);
      },
    });
    metrics.ready(true);
    return new LoadedVersion({
      model: name,
      version,
      key,
      fingerprint: print,
      file,
      config,
      signature,
      traits: probed.traits,
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
