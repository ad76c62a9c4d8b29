import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { bedBinaries } from '../bed/binaries';
import { RecordedCloud } from './cloud-providers/recorded-cloud';

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
 * user's Pulumi is read or written. The providers are the stand-ins beside this file; those of AWS and
 * Azure record what they make in folders of the engine's.
 */
export class Engine {
  private constructor(
    readonly folder: string,
    readonly binary: string,
    readonly env: NodeJS.ProcessEnv,
    /** What the provider of AWS made. */
    readonly aws: RecordedCloud,
    /** What the provider of Azure made. */
    readonly azure: RecordedCloud,
  ) {}

  static create(binaries: EngineBinaries): Engine {
    const folder = mkdtempSync(join(tmpdir(), 'manara-pulumi-'));
    const [bin, home, state] = ['bin', 'home', 'state'].map((name) => join(folder, name));
    for (const made of [bin, home, state]) mkdirSync(made!);
    symlinkSync(binaries['pulumi-language-nodejs'], join(bin!, 'pulumi-language-nodejs'));
    const clouds = { aws: join(folder, 'aws'), 'azure-native': join(folder, 'azure') };
    addProvider(bin!, 'kubernetes', ['kubernetes-provider']);
    for (const [name, recorded] of Object.entries(clouds)) {
      addProvider(bin!, name, ['cloud-providers', name, recorded]);
    }
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
    const [aws, azure] = Object.values(clouds).map((recorded) => new RecordedCloud(recorded));
    return new Engine(folder, binaries.pulumi, env, aws!, azure!);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** An executable that the engine takes for a package's provider: `main.js` of a folder beside this file. */
function addProvider(bin: string, name: string, [part = '', ...args]: readonly string[]): void {
  const executable = join(bin, `pulumi-resource-${name}`);
  const command = [process.execPath, join(__dirname, part, 'main.js'), ...args];
  const quoted = command.map((word) => `"${word}"`).join(' ');
  writeFileSync(executable, `#!/bin/sh\nexec ${quoted} "$@"\n`);
  chmodSync(executable, 0o755);
}

function withoutPulumi(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('PULUMI_')));
}
