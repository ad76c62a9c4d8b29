import { join } from 'node:path';
import {
  explanationFile,
  logFields,
  modelFile,
  type ServerConfig,
  versionFolder,
} from '@manara/contract';
import type { Logger } from 'pino';
import { toFetchError } from './fetch-error';
import { type PartialFile, sweep } from './partial-file';
import { type NewFile, putInPlace, stagingOf } from './put-in-place';
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
  /** The model last: it is what a version cannot be served without. */
  readonly files: readonly WantedFile[];
}

/** One file of a version. */
export interface WantedFile {
  readonly name: string;
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

/** Where a file is published, and its digest. */
interface Published {
  readonly uri: string;
  readonly sha256: string;
}

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
  const fileFrom = (name: string, { uri, sha256 }: Published, key: string): WantedFile[] => {
    try {
      return [{ name, sha256, source: sourceOf(uri, options) }];
    } catch (error) {
      if (!(error instanceof SourceUriError)) throw error;
      faults.push(`${key}.uri: ${error.message}`);
      return [];
    }
  };
  const wanted = (config.models ?? []).flatMap((model, i) =>
    model.versions.map((listed, j) => {
      const key = `models.${i}.versions.${j}`;
      const { version, explanation } = listed;
      const files = [
        ...(explanation ? fileFrom(explanationFile, explanation, `${key}.explanation`) : []),
        ...fileFrom(modelFile, listed, key),
      ];
      return { model: model.name, version, files };
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
    await bringVersion(version, target, (file) => {
      const about = log.child({
        [logFields.model]: version.model,
        [logFields.version]: version.version,
        [logFields.uri]: file.source.label,
      });
      return new FileFetch(file, target, settings, about, signal);
    });
  }
  const used = wanted.flatMap(({ files }) => files.map(({ sha256 }) => sha256));
  await cache?.trim(new Set(used));
}

/** Brings what a version lacks, all of it before any is put in place. */
async function bringVersion(
  { model, version, files }: WantedVersion,
  { repository }: FetchTarget,
  fetchOf: (file: WantedFile) => FileFetch,
): Promise<void> {
  const folder = versionFolder(model, version);
  const missing: { readonly fetch: FileFetch; readonly file: NewFile }[] = [];
  for (const wanted of files) {
    const fetch = fetchOf(wanted);
    if (await fetch.isAt(join(repository, folder, wanted.name))) continue;
    missing.push({ fetch, file: { name: wanted.name, bring: await fetch.fetch() } });
  }
  const last = missing.at(-1);
  if (last === undefined) return;
  await last.fetch.naming(() =>
    putInPlace(
      repository,
      folder,
      missing.map(({ file }) => file),
    ),
  );
}

/** One file on its way into the repository. */
class FileFetch {
  constructor(
    private readonly wanted: WantedFile,
    private readonly target: FetchTarget,
    private readonly settings: FetchSettings,
    private readonly log: Logger,
    private readonly signal: AbortSignal,
  ) {}

  /** Whether the file is at a path already. */
  async isAt(path: string): Promise<boolean> {
    if ((await digestOf(path, this.signal)) !== this.wanted.sha256) return false;
    this.log.info({ [logFields.event]: fetchEvents.kept }, 'already there with the right digest');
    return true;
  }

  /** @returns what puts the file, whole and checked, where it is told to. @throws FetchError */
  async fetch(): Promise<NewFile['bring']> {
    const { repository, cache } = this.target;
    return this.naming(async () => {
      if (cache === undefined) {
        const file = await this.#download(stagingOf(repository));
        return (to) => file.moveTo(to);
      }
      await this.#intoCache(cache);
      return (to) => cache.bring(this.wanted.sha256, to);
    });
  }

  /** @throws FetchError that names the file's source, for whatever fails in it. */
  async naming<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.signal.throwIfAborted();
      throw toFetchError(this.wanted.source.label, error);
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
