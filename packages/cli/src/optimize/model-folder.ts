import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { isModelName, modelFile, parseModelVersion } from '@manara/contract';
import { systemCode, UsageError } from '../cli-error';

/** A model's folder in a repository of Triton's layout. */
export class ModelFolder {
  readonly name: string;
  /** Ascending. */
  readonly versions: readonly number[];

  /** @throws UsageError for a folder that holds no version */
  constructor(private readonly folder: string) {
    this.name = basename(resolve(folder));
    this.versions = (existsSync(folder) ? readdirSync(folder) : [])
      .flatMap((name) => parseModelVersion(name) ?? [])
      .filter((version) => existsSync(this.fileOf(version)))
      .sort((a, b) => a - b);
    if (this.versions.length > 0 && isModelName(this.name)) return;
    throw new UsageError(
      `expected a model's folder with versions below it, <model>/<version>/${modelFile}; received "${folder}"`,
    );
  }

  fileOf(version: number): string {
    return join(this.folder, String(version), modelFile);
  }

  /**
   * The version to begin with: the one that is named, otherwise the highest.
   *
   * @throws UsageError for one that is not there
   */
  source(version = this.versions.at(-1) ?? 0): { readonly version: number; readonly file: string } {
    if (this.versions.includes(version)) return { version, file: this.fileOf(version) };
    throw new UsageError(
      `--from: model "${this.name}" has ${this.versions.join(', ')}; received ${version}`,
    );
  }

  /** Lets `fill` work in a folder that servers do not look at. What it does not place is removed. */
  async stage<T>(fill: (staging: string) => Promise<T>): Promise<T> {
    const staging = mkdtempSync(join(this.folder, '.optimize-'));
    try {
      return await fill(staging);
    } finally {
      rmSync(staging, { recursive: true, force: true });
    }
  }

  /**
   * Makes a staged folder the next version, in one step.
   *
   * @param complete - writes into the folder what tells its number
   * @returns the number
   */
  place(staged: string, complete: (version: number) => void): number {
    for (let version = (this.versions.at(-1) ?? 0) + 1; ; version += 1) {
      // Also after one that another run placed meanwhile, and after one that holds no model.
      if (existsSync(join(this.folder, String(version)))) continue;
      complete(version);
      try {
        renameSync(staged, join(this.folder, String(version)));
        return version;
      } catch (error) {
        if (!['ENOTEMPTY', 'EEXIST'].includes(systemCode(error) ?? '')) throw error;
      }
    }
  }
}
