import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { bedBinaries } from '../bed/binaries';

/** What the engine needs, or `undefined`, with the reason on stderr, where that cannot be had. */
export function engineBinaries(): EngineBinaries | undefined {
  return bedBinaries('pulumi', 'pulumi-language-nodejs');
}

export interface EngineBinaries {
  readonly pulumi: string;
  readonly 'pulumi-language-nodejs': string;
}

/**
 * The real engine, with its state, its home and its plugins in a temporary folder: nothing of the
 * user's Pulumi is read or written. The Kubernetes provider is the stand-in beside this file.
 */
export class Engine {
  private constructor(
    readonly folder: string,
    readonly binary: string,
    readonly env: NodeJS.ProcessEnv,
  ) {}

  static create(binaries: EngineBinaries): Engine {
    const folder = mkdtempSync(join(tmpdir(), 'manara-pulumi-'));
    const [bin, home, state] = ['bin', 'home', 'state'].map((name) => join(folder, name));
    for (const made of [bin, home, state]) mkdirSync(made!);
    symlinkSync(binaries['pulumi-language-nodejs'], join(bin!, 'pulumi-language-nodejs'));
    const provider = join(bin!, 'pulumi-resource-kubernetes');
    const main = join(__dirname, 'kubernetes-provider', 'main.js');
    writeFileSync(provider, `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`);
    chmodSync(provider, 0o755);
    const env = {
      ...withoutPulumi(process.env),
      PATH: [bin, dirname(process.execPath), process.env.PATH].join(delimiter),
      PULUMI_HOME: home,
      // Without this a kill may cut off the file of attributes beside the state, as docs/pulumi.md says.
      PULUMI_BACKEND_URL: `file://${state!}?metadata=skip`,
      PULUMI_CONFIG_PASSPHRASE: 'test bed',
      PULUMI_SKIP_UPDATE_CHECK: 'true',
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
    };
    return new Engine(folder, binaries.pulumi, env);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function withoutPulumi(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('PULUMI_')));
}
