import type { Source } from '../source';
import type { PlaceFact } from './place-fact';
import { alibabaPlaces, alibabaSources } from './places/alibaba';
import { awsPlaces, awsSources } from './places/aws';
import { azurePlaces, azureSources } from './places/azure';
import { gcpPlaces, gcpSources } from './places/gcp';
import { ociPlaces, ociSources } from './places/oci';

/**
 * Cloud regions, each under its cloud: region names collide between clouds (`me-central-1` is the
 * UAE at AWS and Riyadh at Alibaba).
 */
export const places = {
  ...awsPlaces,
  ...azurePlaces,
  ...gcpPlaces,
  ...ociPlaces,
  ...alibabaPlaces,
} as const satisfies Readonly<Record<string, PlaceFact>>;

/** Clouds whose regions the table knows. */
export type Cloud = 'aws' | 'azure' | 'gcp' | 'oci' | 'alibaba';

/** Where each cloud's regions were read. */
export const placeSources: Readonly<Record<Cloud, readonly Source[]>> = {
  aws: awsSources,
  azure: azureSources,
  gcp: gcpSources,
  oci: ociSources,
  alibaba: alibabaSources,
};
