import type { KubernetesDocument } from '../support/documents';

interface PodTemplate {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec: { readonly serviceAccountName?: string };
}

interface WorkloadSpec {
  readonly template?: PodTemplate;
  /** Of a CronJob, whose Jobs have the template. */
  readonly jobTemplate?: { readonly spec: { readonly template: PodTemplate } };
}

/** The pod that a workload's controller would create, or `undefined` for a document of another kind. */
export function podOf(
  workload: KubernetesDocument,
  namespace: string,
): KubernetesDocument | undefined {
  const spec = workload.spec as WorkloadSpec | undefined;
  const template = spec?.template ?? spec?.jobTemplate?.spec.template;
  if (template === undefined) return undefined;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...template.metadata, name: workload.metadata.name, namespace },
    spec: template.spec,
  };
}

/** A namespace in which the API server refuses every pod that Pod Security "restricted" forbids. */
export function restrictedNamespace(name: string): KubernetesDocument {
  const labels = Object.fromEntries(
    ['enforce', 'warn'].map((mode) => [`pod-security.kubernetes.io/${mode}`, 'restricted']),
  );
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

export function serviceAccount(name: string, namespace: string): KubernetesDocument {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } };
}
