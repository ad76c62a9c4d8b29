import { join } from 'node:path';
import { logFields, modelFilePath, type ServerConfig } from '@manara/contract';
import type { Logger } from 'pino';
import { type RetryPolicy, withRetries } from './retry';
import { SourceUriError, type Source } from './sources/source';
import { sourceOf } from './sources/source-of';
import { digestOf, download } from './verified-download';

/** `event` of fetch mode's log lines. */
export const fetchEvents = {
  kept: 'model_kept',
  started: 'model_fetch_started',
  progress: 'model_fetch_progress',
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
export function wantedVersions(config: ServerConfig): readonly WantedVersion[] {
  const faults: string[] = [];
  const wanted = (config.models ?? []).flatMap((model, i) =>
    model.versions.flatMap(({ version, uri, sha256 }, j) => {
      try {
        return [{ model: model.name, version, sha256, source: sourceOf(uri) }];
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

/**
 * Brings the versions into the repository, one after the other; those that are there with the
 * right digest are kept. Stops at the first that cannot be had.
 *
 * @throws FetchError naming the URI, or the signal's reason.
 */
export async function fetchModels(
  wanted: readonly WantedVersion[],
  repository: string,
  settings: FetchSettings,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  for (const version of wanted) {
    const about = log.child({
      [logFields.model]: version.model,
      [logFields.version]: version.version,
      [logFields.uri]: version.source.label,
    });
    await fetchVersion(version, repository, settings, about, signal);
  }
}

async function fetchVersion(
  { model, version, sha256, source }: WantedVersion,
  repository: string,
  settings: FetchSettings,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  const destination = join(repository, modelFilePath(model, version));
  if ((await digestOf(destination, signal)) === sha256) {
    log.info({ [logFields.event]: fetchEvents.kept }, 'already there with the right digest');
    return;
  }
  log.info({ [logFields.event]: fetchEvents.started }, 'fetching');
  const begun = performance.now();
  const progress = new Progress(log, settings.progressMillis);
  const { stallMillis } = settings;
  const onBytes = progress.report.bind(progress);
  await withRetries(
    () => download({ source, sha256, destination, stallMillis, onBytes }, signal),
    settings.retry,
    signal,
    (attempt, error) => {
      log.warn(
        {
          [logFields.event]: fetchEvents.retry,
          [logFields.attempt]: attempt,
          [logFields.error]: error.message,
        },
        'failed, trying again',
      );
    },
  );
  log.info(
    {
      [logFields.event]: fetchEvents.fetched,
      [logFields.bytes]: progress.received,
      [logFields.durationMicros]: Math.round((performance.now() - begun) * 1000),
    },
    'digest verified, put in place',
  );
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
