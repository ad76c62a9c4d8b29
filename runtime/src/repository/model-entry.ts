import { parseModelVersion } from '@manara/contract';
import { errors } from '../errors';
import type { LoadedVersion } from './loaded-version';

export type VersionState = 'LOADING' | 'READY' | 'UNLOADING' | 'UNAVAILABLE';

interface VersionEntry {
  readonly state: VersionState;
  /** Why, where it is not ready. */
  readonly reason: string;
  readonly loaded?: LoadedVersion;
}

/** `reason` of a version that was unloaded on purpose. Triton's word. */
const unloaded = 'unloaded';

/** One model: the state of each of its versions, and which of them answers. */
export class ModelEntry {
  /** Why the model as a whole could not be read; empty while it could. */
  failure = '';
  /** Version that answers when none is named. @default - the highest that is ready */
  defaultVersion: number | undefined;
  /** Versions that must be ready for the model to be. `undefined`: none is known, the model failed. */
  target: readonly number[] | undefined = [];
  private readonly versions = new Map<number, VersionEntry>();

  private readonly failed = new Map<
    number,
    { readonly reason: string; readonly fingerprint: string }
  >();

  constructor(readonly name: string) {}

  set(version: number, entry: VersionEntry): void {
    this.versions.set(version, entry);
  }

  /**
   * Notes that a version's file failed to load; an older file of it keeps serving.
   *
   * @param fingerprint - of the file, so that the same one need not be tried again.
   */
  setFailed(version: number, reason: string, fingerprint: string): void {
    this.failed.set(version, { reason, fingerprint });
    if (this.loaded(version) === undefined) this.set(version, { state: 'UNAVAILABLE', reason });
  }

  /** Why this very file failed to load, if it was tried. */
  failedBefore(version: number, fingerprint: string): string | undefined {
    const failed = this.failed.get(version);
    return failed?.fingerprint === fingerprint ? failed.reason : undefined;
  }

  setUnloaded(version: number): void {
    this.versions.set(version, { state: 'UNAVAILABLE', reason: unloaded });
  }

  /** The version as the engine holds it, whether or not requests still find it. */
  loaded(version: number): LoadedVersion | undefined {
    return this.versions.get(version)?.loaded;
  }

  /** Versions that answer requests, ascending. */
  ready(): readonly LoadedVersion[] {
    return [...this.versions.values()]
      .flatMap(({ state, loaded }) => (state === 'READY' && loaded !== undefined ? [loaded] : []))
      .sort((a, b) => a.version - b.version);
  }

  /** Versions that the engine holds. */
  held(): readonly LoadedVersion[] {
    return [...this.versions.values()].flatMap(({ loaded }) => loaded ?? []);
  }

  isReady(): boolean {
    return this.target?.every((version) => this.versions.get(version)?.state === 'READY') ?? false;
  }

  states(): readonly (VersionEntry & { readonly version: number })[] {
    return [...this.versions]
      .sort(([a], [b]) => a - b)
      .map(([version, entry]) => ({ version, ...entry }));
  }

  /**
   * The version that answers a request.
   *
   * @param asked - as the request names it; `undefined` or empty for the default.
   * @throws ServingError MODEL_UNKNOWN, VERSION_UNKNOWN or MODEL_NOT_READY.
   */
  find(asked: string | undefined): LoadedVersion {
    const version = asked === undefined || asked === '' ? this.default() : this.numbered(asked);
    const entry = this.versions.get(version);
    if (entry?.state === 'READY' && entry.loaded !== undefined) return entry.loaded;
    if (entry === undefined || entry.state === 'UNLOADING' || entry.reason === unloaded) {
      throw errors.versionUnknown(this.name, String(version), this.servedVersions());
    }
    throw errors.modelNotReady(this.name, reasonOf(version, entry));
  }

  /** The version that a request without one is for, once there is one. */
  answering(): number | undefined {
    if (this.defaultVersion !== undefined) return this.defaultVersion;
    let highest = 0;
    for (const [version, { state }] of this.versions) {
      if (state === 'READY' && version > highest) highest = version;
    }
    return highest > 0 ? highest : undefined;
  }

  private default(): number {
    const answering = this.answering();
    if (answering !== undefined) return answering;
    const [expected] = this.states().filter((entry) => entry.reason !== unloaded);
    if (expected !== undefined && expected.state !== 'UNLOADING') {
      throw errors.modelNotReady(this.name, reasonOf(expected.version, expected));
    }
    if (this.failure !== '') throw errors.modelNotReady(this.name, this.failure);
    // Its folder is yet to be read.
    if (this.versions.size === 0 && this.target === undefined) {
      throw errors.modelNotReady(this.name, 'the server is starting');
    }
    throw errors.modelUnknown(this.name);
  }

  private numbered(asked: string): number {
    const version = parseModelVersion(asked);
    if (version !== undefined) return version;
    throw errors.versionUnknown(this.name, asked, this.servedVersions());
  }

  private servedVersions(): string {
    const versions = this.ready().map(({ version }) => version);
    return versions.length === 0 ? 'none now' : versions.join(', ');
  }
}

function reasonOf(version: number, { state, reason }: VersionEntry): string {
  return state === 'LOADING' ? `version ${version} is loading` : `version ${version}: ${reason}`;
}
