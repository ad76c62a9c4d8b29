import {
  type BucketCopy,
  type CopyAccess,
  ImageRegistry,
  ModelBucket,
  Peer,
} from '@manara/constructs';
import { Duration } from 'cdk8s';
import type { BankPlace } from './zone';

/** Where a site's weights and images are. */
export interface SiteStores {
  readonly models: ModelBucket<BankPlace>;
  readonly images: ImageRegistry<BankPlace>;
  /** Private endpoints that both are reached at, from the other site too. */
  readonly endpoints: Peer;
}

/** The stores of both sites. */
export interface BankStores {
  readonly aws: SiteStores;
  readonly azure: SiteStores;
}

/** Addresses of stores that exist already; each may be late. */
export interface StoreAddresses {
  /** Bucket of the primary site: `s3://…`. */
  readonly modelBucket: string;
  /** IAM role that the servers read it with. */
  readonly modelReaderRole: string;
  /** IAM role that the jobs of the other site copy from it with. */
  readonly modelCopyRole: string;
  /** Registries of the two sites, host and path. */
  readonly awsRegistry: string;
  readonly azureRegistry: string;
}

/** The copy of the first site's weights, on a claim of the other's. */
export function copyOf(original: ModelBucket<BankPlace>, access: CopyAccess): BucketCopy {
  return { from: original, every: Duration.minutes(10), access };
}

/** Stores that exist already; the copy of the weights is a volume of the second cluster. */
export function existingStores(addresses: StoreAddresses): BankStores {
  const endpoints = Peer.addresses('10.20.0.0/24');
  const models = new ModelBucket({
    place: 'aws:me-central-1',
    uri: addresses.modelBucket,
    peer: endpoints,
    readerAnnotations: { 'eks.amazonaws.com/role-arn': addresses.modelReaderRole },
  });
  return {
    aws: {
      models,
      images: new ImageRegistry({ place: 'aws:me-central-1', prefix: addresses.awsRegistry }),
      endpoints,
    },
    azure: {
      models: new ModelBucket({
        place: 'azure:uaenorth',
        uri: 'pvc://model-store',
        copy: copyOf(models, { role: addresses.modelCopyRole }),
      }),
      images: new ImageRegistry({ place: 'azure:uaenorth', prefix: addresses.azureRegistry }),
      endpoints: Peer.addresses('10.30.0.0/24'),
    },
  };
}
