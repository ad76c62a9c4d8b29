import { logFields, type ServedModel } from '@manara/contract';
import { errors } from '../errors';
import type { ServerLog } from '../telemetry/logger';
import type { LoadedVersion } from './loaded-version';
import type { LoadSettings, VersionLoader } from './loader';
import { ModelEntry } from './model-entry';
import { fingerprint, listModels, type ScannedModel, scanModel, versionsByPolicy } from './scan';

export interface RepositoryOptions {
  /** Folders in Triton's layout. */
  readonly roots: readonly string[];
  /** The models to serve, and no other. @default - all, by each model's version policy */
  readonly served?: readonly ServedModel[] | undefined;
  /** Whether other servers have a model that is not here, and it is answered for. @default - none is */
  readonly isElsewhere?: (model: string) => boolean;
  /** Called when versions may have come or gone. @default - nobody */
  readonly changed?: () => void;
}

interface WantedVersion {
  readonly scanned: ScannedModel;
  readonly version: number;
  readonly settings: LoadSettings;
  readonly retry: boolean;
}

/** The models: what is on disk, what the engine holds, what answers requests. */
export class ModelRepository {
  private readonly entries = new Map<string, ModelEntry>();
  /** Loads and unloads happen one after the other: probes of large models must not add up. */
  private last: Promise<unknown> = Promise.resolve();

  /** Default versions that were set since the start, by model. */
  private readonly defaults = new Map<string, number>();
  private isStarted = false;

  constructor(
    private readonly options: RepositoryOptions,
    private readonly loader: VersionLoader,
    private readonly log: ServerLog,
  ) {}

  /** Names of the models that could be served. */
  async names(): Promise<readonly string[]> {
    const { roots, served } = this.options;
    if (served !== undefined) return served.map(({ name }) => name);
    const { models, ignored } = await listModels(roots);
    for (const folder of ignored) {
      this.log.write('warn', 'folder_ignored', `a folder's name is not a model's: ${folder}`);
    }
    return models;
  }

  /**
   * Loads models at start: the server is not ready until each of them is. Failures stand in the index.
   *
   * @param signal - ends it before the next model.
   */
  async start(names: readonly string[], signal: AbortSignal): Promise<void> {
    for (const name of names) this.entry(name).target = undefined;
    this.isStarted = true;
    for (const name of names) {
      if (signal.aborted) return;
      await this.load(name).catch(() => undefined);
    }
  }

  /**
   * Brings a model to what its folder holds now. What is new is loaded before what is gone is
   * unloaded; a version that fails to load leaves the old ones serving.
   *
   * @param retry - whether to try a file again that failed as it is. @default true
   * @throws ServingError MODEL_UNKNOWN or LOAD_FAILED.
   */
  load(name: string, retry = true): Promise<void> {
    return this.inTurn(async () => {
      const known = this.entries.has(name) || (await this.names()).includes(name);
      if (!known) throw errors.modelUnknown(name);
      await this.bringUpToDate(this.entry(name), retry);
    });
  }

  /**
   * Unloads every version of a model, after the requests in hand.
   *
   * @throws ServingError MODEL_UNKNOWN
   */
  unload(name: string): Promise<void> {
    return this.inTurn(async () => {
      const entry = this.entries.get(name);
      if (entry === undefined) throw errors.modelUnknown(name);
      entry.target = [];
      entry.failure = '';
      for (const { version, loaded } of entry.states()) {
        if (loaded === undefined) entry.setUnloaded(version);
      }
      await Promise.all(entry.held().map((loaded) => this.retire(entry, loaded)));
    });
  }

  /** Follows the folders: loads what is new or changed, unloads what is gone. */
  async poll(): Promise<void> {
    const names = await this.names();
    for (const name of names) await this.load(name, false).catch(() => undefined);
    for (const { name } of this.entries.values()) {
      if (!names.includes(name)) await this.unload(name);
    }
  }

  /**
   * The version that answers a request.
   *
   * @throws ServingError MODEL_UNKNOWN, VERSION_UNKNOWN or MODEL_NOT_READY.
   */
  find(model: string, version: string | undefined): LoadedVersion {
    const entry = this.entries.get(model);
    if (entry === undefined) {
      // Requests are taken before the folders are read: what is not known then may be in a moment.
      if (!this.isStarted) throw errors.modelNotReady(model, 'the server is starting');
      if (this.options.isElsewhere?.(model) === true) {
        throw errors.modelNotReady(model, 'other servers have it, and nothing here answers for it');
      }
      throw errors.modelUnknown(model);
    }
    return entry.find(version);
  }

  /** The version that answers where none is named, if one does. */
  defaultVersion(model: string): number | undefined {
    return this.entries.get(model)?.answering();
  }

  /**
   * Has another of its versions answer where none is named, from the next request on.
   *
   * @throws Error for a version that is not served
   */
  setDefaultVersion(model: string, version: number): void {
    const listed = this.options.served?.find(({ name }) => name === model);
    if (listed?.versions.some((one) => one.version === version) !== true) {
      throw new Error(`version ${version} of model "${model}" is not served`);
    }
    this.defaults.set(model, version);
    this.entry(model).defaultVersion = version;
    this.options.changed?.();
  }

  /** Versions of a model that answer requests, ascending. */
  readyVersions(model: string): readonly LoadedVersion[] {
    return this.entries.get(model)?.ready() ?? [];
  }

  /** Every model that was ever to be served, by name. */
  models(): readonly ModelEntry[] {
    return [...this.entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  isReady(): boolean {
    return this.models().every((entry) => entry.isReady());
  }

  private entry(name: string): ModelEntry {
    const entry = this.entries.get(name) ?? new ModelEntry(name);
    this.entries.set(name, entry);
    return entry;
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.last.then(work).finally(this.options.changed);
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private async bringUpToDate(entry: ModelEntry, retry: boolean): Promise<void> {
    const { scanned, wanted } = await this.scan(entry);
    const listed = this.options.served?.find(({ name }) => name === entry.name);
    entry.defaultVersion = this.defaults.get(entry.name) ?? listed?.defaultVersion;
    const failures: string[] = [];
    for (const version of wanted) {
      const published = listed?.versions.find((one) => one.version === version);
      const settings = {
        sha256: published?.sha256,
        explanationSha256: published?.explanation?.sha256,
        objectiveMillis: listed?.objectiveMillis,
      };
      const failure = await this.refresh(entry, { scanned, version, settings, retry });
      if (failure !== undefined) failures.push(`version ${version}: ${failure}`);
    }
    // A model that never loaded is expected to; one that serves is not held to what failed.
    entry.target ??= wanted;
    if (failures.length > 0) throw errors.loadFailed(entry.name, failures.join('; '));
    entry.target = wanted;
    const gone = entry.held().filter(({ version }) => !wanted.includes(version));
    await Promise.all(gone.map((loaded) => this.retire(entry, loaded)));
  }

  private async scan(
    entry: ModelEntry,
  ): Promise<{ readonly scanned: ScannedModel; readonly wanted: readonly number[] }> {
    const listed = this.options.served?.find(({ name }) => name === entry.name);
    try {
      const scanned = await scanModel(this.options.roots, entry.name);
      const wanted = listed?.versions.map(({ version }) => version) ?? versionsByPolicy(scanned);
      entry.failure = '';
      return { scanned, wanted };
    } catch (error) {
      const reason = messageOf(error);
      if (entry.failure !== reason) {
        this.log.write('error', 'model_failed', 'a model cannot be served', {
          [logFields.model]: entry.name,
          [logFields.error]: reason,
        });
      }
      entry.failure = reason;
      throw errors.loadFailed(entry.name, reason);
    }
  }

  /** Loads a version unless the one that serves is of the same file. @returns why it failed */
  private async refresh(entry: ModelEntry, wanted: WantedVersion): Promise<string | undefined> {
    const { scanned, version, settings, retry } = wanted;
    const old = entry.loaded(version);
    const fields = { [logFields.model]: entry.name, [logFields.version]: version };
    let print = '';
    try {
      print = await fingerprint(scanned, version);
      if (old?.fingerprint === print) return undefined;
      const failed = entry.failedBefore(version, print);
      if (failed !== undefined && !retry) return failed;
      if (old === undefined) entry.set(version, { state: 'LOADING', reason: '' });
      const loaded = await this.loader.load(scanned, version, settings);
      entry.set(version, { state: 'READY', reason: '', loaded });
      this.log.write('info', 'version_ready', 'a version answers requests', fields);
      if (old !== undefined) await this.loader.unload(old);
      return undefined;
    } catch (error) {
      const reason = messageOf(error);
      entry.setFailed(version, reason, print);
      this.log.write('error', 'version_failed', 'a version cannot be served', {
        ...fields,
        [logFields.error]: reason,
      });
      return reason;
    }
  }

  private async retire(entry: ModelEntry, loaded: LoadedVersion): Promise<void> {
    const { version } = loaded;
    entry.set(version, { state: 'UNLOADING', reason: '', loaded });
    loaded.metrics.ready = false;
    await this.loader.unload(loaded);
    entry.setUnloaded(version);
    this.log.write('info', 'version_unloaded', 'a version was unloaded', {
      [logFields.model]: entry.name,
      [logFields.version]: version,
    });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
