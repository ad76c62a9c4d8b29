import { awsTypes, documented, type Breach, type PolicyRule } from '../policy-rule';
import { inTurn } from '../unknown-value';
import { text } from '../read';

const blocks = [
  'blockPublicAcls',
  'blockPublicPolicy',
  'ignorePublicAcls',
  'restrictPublicBuckets',
] as const;

/**
 * No bucket is opened to everybody, by a canned grant or by lifting the public access block. A bucket
 * without a block of its own has S3's, which is on.
 */
export const bucketIsNotPublic: PolicyRule = {
  id: 'bucket-is-not-public',
  title: 'a bucket is not public',
  sources: [
    documented(awsTypes, 's3.BucketPublicAccessBlock: each of the four is false by default'),
    {
      title:
        'Configuring block public access for S3 buckets: new buckets do not allow public access by default',
      where: 'docs.aws.amazon.com',
      standing: 'primary',
      read: '2026-11-22',
    },
  ],
  types: [
    'aws:s3:BucketPublicAccessBlock',
    'aws:s3:AccountPublicAccessBlock',
    'aws:s3:Bucket',
    'aws:s3:BucketV2',
    'aws:s3:BucketAcl',
    'aws:s3:BucketAclV2',
  ],
  *check({ type, props }) {
    if (type.endsWith('PublicAccessBlock')) {
      yield* inTurn(blocks.map((block) => () => lifted(block, props[block])));
      return;
    }
    const acl = text(props.acl) ?? '';
    if (acl.startsWith('public-')) {
      yield { because: `acl: "${acl}" opens it to everybody`, fix: 'leave acl out' };
    }
  },
};

function* lifted(block: string, received: unknown): Generator<Breach> {
  if (received === true) return;
  yield {
    because: `${block}: expected true, received ${received === false ? 'false' : 'none, which means false'}`,
    fix: `${block}: true`,
  };
}
