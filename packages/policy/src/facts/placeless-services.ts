import type { Source } from '@manara/residency';

/** A service that answers from everywhere, or copies between regions of its own accord. */
export interface PlacelessService {
  /** Type, or the part of it before the kind, as `Resource.type` writes it. */
  readonly type: string;
  /** What it does with data, for the message. */
  readonly does: string;
  readonly source: Source;
}

const read = '2026-11-22';
const provider = (title: string): Source => ({
  title,
  where: '@pulumi/aws 7.48 on npm, types',
  standing: 'primary',
  read,
});

/** Such services, as far as they were read. */
export const placelessServices: readonly PlacelessService[] = [
  {
    type: 'aws:cloudfront',
    does: 'delivers content through a worldwide network of edge locations',
    source: {
      title: 'CloudFront delivers content through a worldwide network of edge locations',
      where: 'docs.amazonaws.cn, SDK for PHP, Developer Guide',
      standing: 'primary',
      read,
    },
  },
  {
    type: 'aws:globalaccelerator',
    does: 'is a global service, none of whose resources has a region',
    source: provider('No resource of globalaccelerator has a region argument'),
  },
  {
    type: 'aws:ecrpublic',
    does: 'publishes images to everybody',
    source: {
      title: 'Alchemy, AWS.ECRPublic: a global service, whose registry is managed from us-east-1',
      where: 'alchemy.run/providers/aws/ecrpublic',
      standing: 'secondary',
      read,
    },
  },
  ...[
    'aws:rds:GlobalCluster',
    'aws:docdb:GlobalCluster',
    'aws:neptune:GlobalCluster',
    'aws:elasticache:GlobalReplicationGroup',
  ].map((type) => ({
    type,
    does: 'spans regions: clusters of any region may join it',
    source: provider(`${type}: a cluster that is spread over regions`),
  })),
  {
    type: 'aws:s3control:MultiRegionAccessPoint',
    does: 'routes requests to buckets in several regions',
    source: provider(
      's3control.MultiRegionAccessPoint: one endpoint for buckets in several regions',
    ),
  },
  ...['azure-native:cdn', 'azure-native:frontdoor'].map((type) => ({
    type,
    does: 'takes traffic in at edge locations worldwide',
    source: {
      title:
        'Azure Front Door and CDN, Edge locations by abbreviation: points of presence worldwide',
      where: 'learn.microsoft.com/azure/frontdoor',
      standing: 'primary' as const,
      read,
    },
  })),
];

/** The entry for a type, written as `Resource.type`. */
export function placelessService(type: string): PlacelessService | undefined {
  return placelessServices.find((one) => type === one.type || type.startsWith(`${one.type}:`));
}
