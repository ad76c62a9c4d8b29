import { join } from 'node:path';
import { command } from './command';

/** What an image says about how to run it; the OCI image specification's names. */
export interface ImageConfig {
  readonly User: string;
  readonly Env: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly WorkingDir: string;
  readonly ExposedPorts: Readonly<Record<string, unknown>>;
}

/** Images in a store of their own, away from whatever this machine has. */
export class ImageStore {
  readonly #global: readonly string[];

  constructor(folder: string) {
    this.#global = [
      ...['--root', join(folder, 'storage'), '--runroot', join(folder, 'run')],
      ...['--storage-driver', 'vfs'],
    ];
  }

  /** Makes an image of a root file system in a tar archive. */
  async import(archive: string, tag: string): Promise<void> {
    const container = await this.#buildah('from', 'scratch');
    await this.#buildah('add', container, archive, '/');
    await this.#buildah('commit', '--rm', container, tag);
  }

  async build(context: string, tag: string, args: Readonly<Record<string, string>>): Promise<void> {
    const given = Object.entries(args).flatMap(([name, value]) => [
      '--build-arg',
      `${name}=${value}`,
    ]);
    await this.#buildah(
      'bud',
      '--isolation',
      'chroot',
      '--pull-never',
      ...given,
      '-t',
      tag,
      context,
    );
  }

  async config(tag: string): Promise<ImageConfig> {
    const inspected = JSON.parse(await this.#buildah('inspect', '--type', 'image', tag)) as {
      readonly OCIv1: { readonly config: ImageConfig };
    };
    return inspected.OCIv1.config;
  }

  /** Unpacks the image. Gives the folder of its root file system. */
  async unpack(tag: string): Promise<string> {
    const container = await this.#buildah('from', '--pull-never', tag);
    return this.#buildah('mount', container);
  }

  async #buildah(...args: readonly string[]): Promise<string> {
    return command('buildah', ...this.#global, ...args);
  }
}
