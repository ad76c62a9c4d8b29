import { ImageRegistry, ModelBucket, Peer } from '@manara/constructs';
import type { BankPlace } from './zone';

/** Where a site's weights and images are. */
export interface SiteStores {
  readonly models: ModelBucket<BankPlace>;
  readonly images: ImageRegistry<BankPlace>;
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
  /** Registries of the two sites, host and path. */
  readonly awsRegistry: string;
  readonly azureRegistry: string;
}

/** Stores that exist already; the copy of the weights is a volume of the second cluster. */
export function existingStores(addresses: StoreAddresses): BankStores {
  return {
    aws: {
      models: new ModelBucket({
        place: 'aws:me-central-1',
        uri: addresses.modelBucket,
        peer: Peer.addresses('10.20.0.0/24'), // interface endpoints of S3 and STS
        readerAnnotations: { 'eks.amazonaws.com/role-arn': addresses.modelReaderRole },
      }),
      images: new ImageRegistry({ place: 'aws:me-central-1', prefix: addresses.awsRegistry }),
    },
    azure: {
      models: new ModelBucket({ place: 'azure:uaenorth', uri: 'pvc://model-store' }),
      images: new ImageRegistry({ place: 'azure:uaenorth', prefix: addresses.azureRegistry }),
    },
  };
}
