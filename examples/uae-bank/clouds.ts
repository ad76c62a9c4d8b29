import { type CopyAccess, late } from '@manara/constructs';
import { Provider } from '@pulumi/kubernetes/provider';
import type { Output } from '@pulumi/pulumi';
import type { Bank } from './bank';
import type { ExistingClusters } from './configuration';
import { existingStores, type SiteStores } from './stores';

/** A cloud that a site of the bank stands in. */
export interface Cloud extends SiteStores {
  /** The site's cluster. */
  readonly cluster: Provider;
  /** Gives the pods of the bank, on the cloud's site, the rights that they need in the cloud. */
  readonly admit: (bank: Bank) => void;
}

/** The cloud that weights are published in. */
export interface Original extends Cloud {
  /** Lets the jobs that copy them read, with tokens of their own cluster's issuer. */
  readonly admitCopies: (issuer: Output<string>) => CopyAccess;
}

export interface Clouds {
  readonly aws: Cloud;
  readonly azure: Cloud;
}

/** Clouds whose clusters, buckets and registries somebody else made, the rights of pods included. */
export function existingClouds({ contexts, stores }: ExistingClusters): Clouds {
  const { modelReaderRole, modelCopyRole } = stores;
  const { aws, azure } = existingStores({
    ...stores,
    modelReaderRole: late('modelReaderRole', modelReaderRole),
    modelCopyRole: late('modelCopyRole', modelCopyRole),
  });
  const inPlace = (found: SiteStores, site: string, context: string): Cloud => ({
    ...found,
    // Without the option the provider deletes a ConfigMap that changes, and makes it anew.
    cluster: new Provider(site, { context, enableConfigMapMutable: true }),
    admit: () => undefined,
  });
  return {
    aws: inPlace(aws, 'aws-me-central-1', contexts.aws),
    azure: inPlace(azure, 'azure-uaenorth', contexts.azure),
  };
}
