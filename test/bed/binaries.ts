import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot } from '../support/paths';

export type BedBinary =
  | 'crane'
  | 'etcd'
  | 'h2spec'
  | 'istioctl'
  | 'kube-apiserver'
  | 'kube-controller-manager'
  | 'kube-scheduler'
  | 'kube-score'
  | 'kwok'
  | 'pilot-discovery'
  | 'otelcol'
  | 'pulumi'
  | 'pulumi-language-nodejs'
  | 'ratelimit'
  | 'rollouts-controller';

/** Exit code of build.sh for "there is no Go toolchain here". */
const noToolchain = 3;

/**
 * Paths of test-bed binaries, built from their pins where the cache has none (minutes the first
 * time; progress on stderr). `undefined` where this machine has no Go toolchain to build them with.
 */
export function bedBinaries<Name extends BedBinary>(
  ...names: readonly Name[]
): Readonly<Record<Name, string>> | undefined {
  const script = join(repositoryRoot, 'test', 'bed', 'build.sh');
  const { status, stdout, error } = spawnSync('bash', [script, ...names], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (error !== undefined) throw error;
  if (status === noToolchain) return undefined;
  if (status !== 0)
    throw new Error(`test/bed/build.sh ${names.join(' ')}: exit code ${String(status)}`);
  const paths = stdout.trim().split('\n');
  return Object.fromEntries(names.map((name, index) => [name, paths[index]])) as Record<
    Name,
    string
  >;
}
