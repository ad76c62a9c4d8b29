import { HeldFile } from './held-file';
import type { ModelSource } from './session';

/** What a version's sessions are made of, as it was when the version was admitted. */
export class HeldSource {
  private constructor(
    private readonly file: HeldFile,
    private readonly graph: HeldFile | undefined,
  ) {}

  /** @throws Error of Node.js where the file cannot be read. */
  static async open({ file, graph }: ModelSource): Promise<HeldSource> {
    // A graph that was removed, to make room for another, is done without.
    const held = graph === undefined ? undefined : HeldFile.open(graph).catch(() => undefined);
    return new HeldSource(await HeldFile.open(file), await held);
  }

  get source(): ModelSource {
    return { file: this.file.path, graph: this.graph?.path };
  }

  /** @throws Error where it is not what it was any more. */
  async check(): Promise<void> {
    await this.file.check();
    await this.graph?.check();
  }

  async close(): Promise<void> {
    await this.file.close();
    await this.graph?.close();
  }
}
