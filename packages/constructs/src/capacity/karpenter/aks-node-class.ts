import type { Construct } from 'constructs';
import { clusterObject } from '../../cluster-object';
import type { Labels } from '../../peer';
import type { NodePlan } from '../node-plan';
import type { KarpenterAzureProps } from '../provisioner';
import type { NodeClassKind } from './node-pools';

/**
 * What Manara writes of an AKSNodeClass, for which no package has types.
 *
 * Source: karpenter.azure.com_aksnodeclasses.yaml of Azure/karpenter-provider-azure, of August 2026; read
 * 2026-11-23.
 */
interface AksNodeClassSpec {
  readonly imageFamily: 'Ubuntu' | 'AzureLinux';
  readonly osDiskSizeGB: number;
  readonly vnetSubnetID?: string;
  readonly security: { readonly encryptionAtHost: true };
  readonly tags?: Readonly<Record<string, string>>;
}

/** Zones as `topology.kubernetes.io/zone` has them on AKS: `uaenorth-1`. */
export function aksNodeClassKind(place: string): NodeClassKind {
  const location = place.replace(/^[^:]*:/, '');
  return {
    group: 'karpenter.azure.com',
    kind: 'AKSNodeClass',
    zoneLabel: 'topology.kubernetes.io/zone',
    zoneValue: (zone) => `${location}-${zone}`,
  };
}

export function addAksNodeClass(
  scope: Construct,
  name: string,
  labels: Labels,
  { subnetId, tags }: KarpenterAzureProps,
  { diskGiB, gpu }: NodePlan,
): void {
  const spec: AksNodeClassSpec = {
    // As AKS's own pools are made: its GPU driver comes with Ubuntu.
    imageFamily: gpu === undefined ? 'AzureLinux' : 'Ubuntu',
    osDiskSizeGB: diskGiB,
    ...(subnetId === undefined ? {} : { vnetSubnetID: subnetId }),
    security: { encryptionAtHost: true },
    ...(tags === undefined ? {} : { tags }),
  };
  const document = {
    apiVersion: 'karpenter.azure.com/v1beta1',
    kind: 'AKSNodeClass',
    metadata: { name, labels: { ...labels } },
    spec,
  };
  clusterObject(scope, 'node-class', document);
}
