import type { ProbeOptions } from '../engine/probe';
import { probeOnce } from '../engine/probe-memory';
import type { Scheduler } from '../engine/scheduler';
import type { Execution } from '../engine/version';
import { readVersionExplanation } from '../explain/version-explanation';
import type { OptimizedGraphs } from '../graphs/graphs';
import type { RequestSignature } from '../protocol/validate';
import type { ServerMetrics } from '../telemetry/metrics';
import { checkDigest, digestOf } from './digest';
import { LoadedVersion } from './loaded-version';
import type { ModelConfig } from './model-config';
import { explanationOf, fingerprint, type ScannedModel } from './scan';
import { runOptions } from './run-options';
import { requestSignature } from './signature';
import { VersionStatistics } from './statistics';

/** What the server's configuration says of a version. */
export interface LoadSettings {
  /** Digest that the file must have. @default - not checked */
  readonly sha256?: string | undefined;
  /** Digest that its `explain.json` must have. @default - not checked */
  readonly explanationSha256?: string | undefined;
  /** Milliseconds within which a request is to be answered. @default - the server's */
  readonly objectiveMillis?: number | undefined;
}

export interface LoaderOptions {
  readonly probe: ProbeOptions;
  /** Whether a model's answers are cached. */
  readonly isCached: (model: string, config: ModelConfig) => boolean;
  /** @default - the engine optimizes each model at each load */
  readonly graphs?: OptimizedGraphs | undefined;
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
    /** Told of each run of the engine. */
    private readonly onRun: (model: string, version: number, execution: Execution) => void,
  ) {}

  /**
   * Digest, probe in a child process, signature against the configuration, `explain.json`, then the
   * engine: each step guards the next.
   *
   * @throws Error saying why the version cannot be served; then the engine does not hold it.
   */
  async load(
    scanned: ScannedModel,
    version: number,
    { sha256, explanationSha256, objectiveMillis }: LoadSettings = {},
  ): Promise<LoadedVersion> {
    const { name, config } = scanned;
    const file = scanned.fileOf(version);
    const print = await fingerprint(scanned, version);
    const isUnchanged = async (): Promise<boolean> =>
      (await fingerprint(scanned, version).catch(String)) === print;
    const { probe: probeOptions, isCached, graphs } = this.options;
    const { signal } = probeOptions;
    if (sha256 !== undefined) await checkDigest(file, sha256, signal);
    if (explanationSha256 !== undefined) {
      await checkDigest(explanationOf(file), explanationSha256, signal);
    }
    const needsDigest = isCached(name, config) || graphs !== undefined;
    const digest = needsDigest ? (sha256 ?? (await digestOf(file, signal))) : undefined;
    const { probed, graph } =
      graphs === undefined || digest === undefined
        ? { probed: await probeOnce(file, probeOptions), graph: undefined }
        : await graphs.probe(
            { model: name, version, file, sha256: digest, isUnchanged },
            probeOptions,
          );
    const signature = requestSignature(name, config, probed.signature);
    const explanation = await readVersionExplanation(explanationOf(file), signature);
    this.options.check(name, version, signature);
    const key = `${name}/${version}#${++this.loads}`;
    const statistics = new VersionStatistics();
    await this.scheduler.admit(key, file, {
      ...runOptions(config, probed),
      graph,
      objectiveMillis,
      // Requests find the version only once it is returned below.
      onRun: (execution) => {
        loaded.metrics.executions += 1;
        statistics.recordExecution(execution.rows, execution.computeMicros);
        this.onRun(name, version, execution);
      },
    });
    // What was checked and hashed must be what the engine read.
    if (!(await isUnchanged())) {
      await this.scheduler.release(key);
      throw new Error(
        'its file or its config.pbtxt was changed while it was loaded; load it again',
      );
    }
    const waiting = (): number => this.scheduler.waiting(key);
    const metrics = this.metrics.version(name, version, waiting, objectiveMillis);
    metrics.ready = true;
    const { traits } = probed;
    const parts = {
      model: name,
      version,
      key,
      fingerprint: print,
      file,
      digest: isCached(name, config) ? digest : undefined,
      config,
      signature,
      traits,
    };
    const loaded = new LoadedVersion({ ...parts, metrics, statistics, explanation });
    return loaded;
  }

  /** Lets requests in hand finish, then frees the sessions. New requests must not find it any more. */
  async unload(loaded: LoadedVersion): Promise<void> {
    await loaded.unused();
    await this.scheduler.release(loaded.key);
  }
}
