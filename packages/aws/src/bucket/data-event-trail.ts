import { Trail } from '@pulumi/aws/cloudtrail';
import type { Key } from '@pulumi/aws/kms';
import type { Bucket } from '@pulumi/aws/s3';
import { interpolate, type Output } from '@pulumi/pulumi';
import type { ChildContext } from '../aws-component';
import type { Statement } from '../support/policy';
import { lockedBucket, type ObjectLock } from './locked-bucket';

interface TrailInput {
  /** Bucket whose objects are watched. */
  readonly watched: Bucket;
  readonly key: Key;
  readonly account: Output<string>;
  readonly lock: ObjectLock;
}

/** Records who read or wrote which object, in a bucket of the same region that nobody else writes to. */
export function addDataEventTrail(
  context: ChildContext,
  { watched, key, account, lock }: TrailInput,
): void {
  const { name, region, tags, child } = context;
  const trailName = `${name}-data-events`;
  const arn = interpolate`arn:aws:cloudtrail:${region}:${account}:trail/${trailName}`;
  const { bucket, policy } = lockedBucket(context, `${name}-audit`, {
    lock,
    statements: (audit) => deliveries(audit, arn, account),
  });
  new Trail(
    trailName,
    {
      name: trailName,
      s3BucketName: bucket.bucket,
      // The trail encrypts what it writes; the bucket's default is for its digests.
      kmsKeyId: key.arn,
      enableLogFileValidation: true,
      includeGlobalServiceEvents: false,
      isMultiRegionTrail: false,
      advancedEventSelectors: [
        {
          name: `Objects of ${name}`,
          fieldSelectors: [
            { field: 'eventCategory', equals: ['Data'] },
            { field: 'resources.type', equals: ['AWS::S3::Object'] },
            { field: 'resources.ARN', startsWiths: [interpolate`${watched.arn}/`] },
          ],
        },
      ],
      region,
      tags,
    },
    { ...child, dependsOn: [policy] },
  );
}

function deliveries(
  audit: Bucket,
  trail: Output<string>,
  account: Output<string>,
): readonly Statement[] {
  const allowed: Statement = {
    Effect: 'Allow',
    Principal: { Service: 'cloudtrail.amazonaws.com' },
  };
  return [
    {
      Sid: 'TrailLooks',
      ...allowed,
      Action: 's3:GetBucketAcl',
      Resource: audit.arn,
      Condition: { StringEquals: { 'aws:SourceArn': trail } },
    },
    {
      Sid: 'TrailDelivers',
      ...allowed,
      Action: 's3:PutObject',
      Resource: interpolate`${audit.arn}/AWSLogs/${account}/*`,
      Condition: {
        StringEquals: { 'aws:SourceArn': trail, 's3:x-amz-acl': 'bucket-owner-full-control' },
      },
    },
  ];
}
