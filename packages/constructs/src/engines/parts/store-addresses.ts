import type { Place } from '@manara/residency';
import { derive } from '../../late/late';
import type { ModelBucket } from '../../model-bucket';
import { schemeOf } from '../../props/uri';

/**
 * Addresses that a reader of a bucket connects to, as a network sees them: the store's, those of the hosts
 * that it leads to, and those that issue its credentials.
 *
 * @param endpoint where it answers to this reader, if not at its own address
 */
export function storeAddresses(
  bucket: ModelBucket<Place>,
  endpoint: string | undefined = bucket.endpoint,
): readonly string[] {
  const { uri, leadsTo, readerAnnotations, s3 } = bucket;
  const main = endpoint ?? derive('store', uri, (known) => addressOf(known, s3?.region ?? ''));
  return [main, ...leadsTo.map((host) => `https://${host}`), ...issuers(readerAnnotations, bucket)];
}

/**
 * A bucket without dots is asked for by a host of its own. Source: Amazon S3 User Guide, "Virtual hosting of
 * buckets"; AWS SDK for JavaScript v3, which asks for others by path. Azure Storage: "Storage account
 * endpoints". Read 2026-11.
 */
function addressOf(uri: string, region: string): string {
  const [, authority = ''] = /^[a-z0-9]+:\/\/([^/]+)/.exec(uri) ?? [];
  switch (schemeOf(uri)) {
    case 's3:': {
      const service = `s3.${region}.amazonaws.com`;
      return `https://${authority.includes('.') ? service : `${authority}.${service}`}`;
    }
    case 'azblob:':
      return `https://${authority}.blob.core.windows.net`;
    default:
      return `https://${authority}`;
  }
}

/**
 * Who issues what a service account reads the store with, by its annotations. Source: Amazon EKS, "IAM roles
 * for service accounts" (regional endpoints of STS are its default); Microsoft Entra Workload ID, which asks
 * login.microsoftonline.com in the public cloud. Read 2026-11.
 */
function issuers(
  annotations: Readonly<Record<string, string>>,
  { s3 }: ModelBucket<Place>,
): readonly string[] {
  const keys = Object.keys(annotations);
  return [
    ...(keys.includes('eks.amazonaws.com/role-arn') && s3 !== undefined
      ? [`https://sts.${s3.region}.amazonaws.com`]
      : []),
    ...(keys.some((key) => key.startsWith('azure.workload.identity/'))
      ? ['https://login.microsoftonline.com']
      : []),
  ];
}
