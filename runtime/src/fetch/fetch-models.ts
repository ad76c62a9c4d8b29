import { join } from 'node:path';
import { logFields, modelFilePath, type ServerConfig } from '@manara/contract';
import type { Logger } from 'pino';
import { toFetchError } from './fetch-error';
import { type PartialFile, sweep } from './partial-file';
import { putInPlace, stagingOf } from './put-in-place';
import { type RetryPolicy, withRetries } from './retry';
import { type Source, type SourceOptions, SourceUriError } from './sources/source';
import { sourceOf } from './sources/source-of';
import { digestOf, download } from './verified-download';
import type { WeightsCache } from './weights-cache';

/** `event` of fetch mode's log lines. */
export const fetchEvents = {
  kept: 'model_kept',
  cached: 'model_cached',
  started: 'model_fetch_started',
  progress: 'model_fetch_progress',
  resumed: 'model_fetch_resumed',
  retry: 'model_fetch_retry',
  fetched: 'model_fetched',
  failed: 'model_fetch_failed',
} as const;

/** One version to bring. */
export interface WantedVersion {
  readonly model: string;
  readonly version: number;
  readonly sha256: string;
  readonly source: Source;
}

export interface FetchSettings {
  readonly retry: RetryPolicy;
  /** A source that sends nothing for this long has failed. */
  readonly stallMillis: number;
  /** Time between two progress lines of one file. */
  readonly progressMillis: number;
}

export const defaultSettings: FetchSettings = {
  retry: { attempts: 5, firstDelayMillis: 500, maxDelayMillis: 8000 },
  stallMillis: 60_000,
  progressMillis: 5000,
};

/**
 * Every version that the configuration lists, in its order.
 *
 * @throws SourceUriError with all the URIs that fetch mode cannot read.
 */
export function wantedVersions(
  config: ServerConfig,
  options: SourceOptions,
): readonly WantedVersion[] {
  const faults: string[] = [];
  const wanted = (config.models ?? []).flatMap((model, i) =>
    model.versions.flatMap(({ version, uri, sha256 }, j) => {
      try {
        return [{ model: model.name, version, sha256, source: sourceOf(uri, options) }];
      } catch (error) {
        if (!(error instanceof SourceUriError)) throw error;
        faults.push(`models.${i}.versions.${j}.uri: ${error.message}`);
        return [];
      }
    }),
  );
  if (faults.length > 0) throw new SourceUriError(faults.join('\n'));
  return wanted;
}

/** Where versions are brought to, and what is kept of them besides. */
export interface FetchTarget {
  readonly repository: string;
  /** Weights by their digest. @default - none */
  readonly cache?: WeightsCache | undefined;
}

/**
 * Brings the versions into the repository, one after the other; those that are there with the
 * right digest are kept. Stops at the first that cannot be had.
 *
 * @throws FetchError naming the URI, or the signal's reason.
 */
export async function fetchModels(
  wanted: readonly WantedVersion[],
  target: FetchTarget,
  settings: FetchSettings,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  const { repository, cache } = target;
  for (const folder of [stagingOf(repository), cache?.partials]) {
    if (folder !== undefined) await sweep(folder);
  }
  for (const version of wanted) {
    const about = log.child({
      [logFields.model]: version.model,
      [logFields.version]: version.version,
      [logFields.uri]: version.source.label,
    });
    await new VersionFetch(version, target, settings, about, signal).run();
  }
  await cache?.trim(new Set(wanted.map(({ sha256 }) => sha256)));
}

/** One version on its way into the repository. */
class VersionFetch {
  constructor(
    private readonly wanted: WantedVersion,
    private readonly target: FetchTarget,
    private readonly settings: FetchSettings,
    private readonly log: Logger,
    private readonly signal: AbortSignal,
  ) {}

  async run(): Promise<void> {
    const { model, version, sha256, source } = this.wanted;
    const { repository, cache } = this.target;
    const path = modelFilePath(model, version);
    if ((await digestOf(join(repository, path), this.signal)) === sha256) {
      this.log.info({ [logFields.event]: fetchEvents.kept }, 'already there with the right digest');
      return;
    }
    try {
      if (cache === undefined) {
        const file = await this.#download(stagingOf(repository));
        await putInPlace(repository, path, (to) => file.moveTo(to));
      } else {
        await this.#intoCache(cache);
        await putInPlace(repository, path, (to) => cache.bring(sha256, to));
      }
    } catch (error) {
      this.signal.throwIfAborted();
      throw toFetchError(source.label, error);
    }
  }

  async #intoCache(cache: WeightsCache): Promise<void> {
    const { sha256 } = this.wanted;
    if (await cache.has(sha256, this.signal)) {
      this.log.info({ [logFields.event]: fetchEvents.cached }, 'taken from the cache');
    } else {
      await cache.add(sha256, await this.#download(cache.partials));
    }
  }

  async #download(folder: string): Promise<PartialFile> {
    const { sha256, source } = this.wanted;
    const { retry, stallMillis, progressMillis } = this.settings;
    this.log.info({ [logFields.event]: fetchEvents.started }, 'fetching');
    const begun = performance.now();
    const progress = new Progress(this.log, progressMillis);
    const onBytes = progress.report.bind(progress);
    const onResume = (offset: number): void => {
      this.log.info(
        { [logFields.event]: fetchEvents.resumed, [logFields.bytes]: offset },
        'going on where an earlier try ended',
      );
    };
    const file = await withRetries(
      () => download({ source, sha256, folder, stallMillis, onResume, onBytes }, this.signal),
      retry,
      this.signal,
      (attempt, error) => {
        this.log.warn(
          {
            [logFields.event]: fetchEvents.retry,
            [logFields.attempt]: attempt,
            [logFields.error]: error.message,
          },
          'failed, trying again',
        );
      },
    );
    this.log.info(
      {
        [logFields.event]: fetchEvents.fetched,
        [logFields.bytes]: progress.received,
        [logFields.durationMicros]: Math.round((performance.now() - begun) * 1000),
      },
      'whole, digest verified',
    );
    return file;
  }
}

/** Says how far a long download is, now and then. */
class Progress {
  received = 0;
  #next: number;

  constructor(
    private readonly log: Logger,
    private readonly everyMillis: number,
  ) {
    this.#next = performance.now() + everyMillis;
  }

  report(received: number, announced: number | undefined): void {
    this.received = received;
    const now = performance.now();
    if (now < this.#next) return;
    this.#next = now + this.everyMillis;
    this.log.info(
      {
        [logFields.event]: fetchEvents.progress,
        [logFields.bytes]: received,
        [logFields.totalBytes]: announced,
      },
      'fetching',
    );
  }
}
