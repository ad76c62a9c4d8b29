import { spawnSync } from 'node:child_process';
import { type BedBinary, bedBinaries } from '../bed/binaries';
import {
  type CustomResourceGroup,
  customResources,
} from '../bed/custom-resources/custom-resources';
import { envoyBinary } from '../bed/envoy/envoy';
import { type PrometheusBinaries, prometheusBinaries } from '../bed/prometheus/packages';
import type { KubernetesDocument } from '../support/documents';

/** Every program of the mesh, and the custom resources that it always knows. */
export interface MeshNeeds {
  readonly binaries: Readonly<Record<(typeof binaries)[number], string>>;
  readonly envoy: string;
  readonly prometheus: PrometheusBinaries;
  readonly resources: readonly KubernetesDocument[];
}

const binaries = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'pilot-discovery',
  'ratelimit',
  'rollouts-controller',
] as const satisfies readonly BedBinary[];

/** What every bed of the suite knows; `Mesh.addCustomResources` adds others. */
const resourceGroups = ['istio', 'argo-rollouts'] as const satisfies readonly CustomResourceGroup[];

/**
 * Fetches and builds them where there is a network; finds them in the cache afterwards, where there is
 * none. `undefined`, with the reason on stderr, where this machine cannot have them.
 */
export function meshNeeds(): MeshNeeds | undefined {
  if (spawnSync('openssl', ['version']).status !== 0) {
    console.error('skip: no openssl on the PATH to make certificates with');
    return undefined;
  }
  const built = bedBinaries(...binaries);
  const envoy = built && envoyBinary();
  const prometheus = envoy && prometheusBinaries();
  const resources = prometheus && customResources(...resourceGroups);
  if (!built || !envoy || !prometheus || !resources) return undefined;
  return { binaries: built, envoy, prometheus, resources };
}
