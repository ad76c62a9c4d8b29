import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type KubernetesDocument, parseDocuments, yamlFiles } from '../../support/documents';
import { type PinnedModule, downloadModules } from './modules';

/** Where each project's Go module keeps its custom resource definitions. */
const places = {
  'argo-rollouts': ['github.com/argoproj/argo-rollouts', 'manifests/crds'],
  'cert-manager': ['github.com/cert-manager/cert-manager', 'deploy/crds'],
  'external-secrets': ['github.com/external-secrets/external-secrets', 'config/crds/bases'],
  'gateway-api': ['sigs.k8s.io/gateway-api', 'config/crd/standard'],
  istio: ['istio.io/istio', 'manifests/charts/base/files/crd-all.gen.yaml'],
  karpenter: ['sigs.k8s.io/karpenter', 'pkg/apis/crds'],
  keda: ['github.com/kedacore/keda/v2', 'config/crd/bases'],
  kwok: ['sigs.k8s.io/kwok', 'kustomize/crd/bases'],
  'prometheus-operator': [
    'github.com/prometheus-operator/prometheus-operator',
    'example/prometheus-operator-crd',
  ],
} as const satisfies Readonly<Record<string, readonly [module: string, path: string]>>;

/** A project whose custom resources the bed's API server can be taught. */
export type CustomResourceGroup = keyof typeof places;

export const customResourceGroups = Object.keys(places) as readonly CustomResourceGroup[];

/**
 * The definitions of the named projects, as their authors publish them: read from the Go module
 * cache, which the modules are downloaded to where they are not there yet. `undefined`, with the
 * reason on stderr, where this machine has no Go toolchain to download them with.
 *
 * Ask only for what a suite uses: all of them cost the API server 40 s of CPU and 600 MB.
 *
 * @throws Error for a module that is not what modules.sum pins
 */
export function customResources(
  ...groups: readonly CustomResourceGroup[]
): readonly KubernetesDocument[] | undefined {
  const modules = downloadModules(groups.map((group) => places[group][0]));
  return modules?.flatMap((module, i) => definitionsIn(module, places[groups[i]!][1]));
}

function definitionsIn(
  { folder, name }: PinnedModule,
  path: string,
): readonly KubernetesDocument[] {
  const place = join(folder, path);
  const files = statSync(place).isDirectory() ? yamlFiles(place) : [place];
  const definitions = files
    // Without a name of their own: what kustomize reads.
    .filter((file) => !file.endsWith('/kustomization.yaml'))
    .flatMap((file) => parseDocuments(readFileSync(file, 'utf8'), file))
    .filter(({ kind }) => kind === 'CustomResourceDefinition');
  if (definitions.length === 0) throw new Error(`${name} has no custom resources in ${path}`);
  return definitions;
}
