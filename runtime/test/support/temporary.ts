import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A model repository in a temporary folder. */
export class TemporaryRepository {
  readonly folder = mkdtempSync(join(tmpdir(), 'manara-test-'));

  /** Writes `<model>/<version>/model.onnx`. @returns its path */
  add(model: string, version: number, bytes: Uint8Array | string): string {
    return this.write(`${model}/${version}/model.onnx`, bytes);
  }

  config(model: string, text: string): this {
    this.write(`${model}/config.pbtxt`, text);
    return this;
  }

  /** Writes any file below the repository. @returns its path */
  write(path: string, bytes: Uint8Array | string): string {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    return file;
  }

  removeVersion(model: string, version: number): void {
    rmSync(join(this.folder, model, String(version)), { recursive: true });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
