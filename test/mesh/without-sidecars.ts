import type { KubernetesDocument } from '../support/documents';

/** Pods of the bed have no sidecar that would shake hands. */
export function withoutSidecars(document: KubernetesDocument): KubernetesDocument {
  const { spec, ...rest } = document;
  const { trafficPolicy, ...others } = (spec ?? {}) as { readonly trafficPolicy?: object };
  if (document.kind !== 'DestinationRule' || trafficPolicy === undefined) return document;
  const { tls, ...policy } = trafficPolicy as { readonly tls?: unknown };
  return {
    ...rest,
    spec: { ...others, trafficPolicy: tls === undefined ? trafficPolicy : policy },
  };
}
