import type { Key } from '@pulumi/aws/kms';
import type { Bucket } from '@pulumi/aws/s3';
import { type Input, interpolate, type Output } from '@pulumi/pulumi';
import type { Statement } from '../support/policy';

interface Doors {
  /** Endpoint of the network that pods read through. */
  readonly s3EndpointId: Output<string>;
  /** ARNs of the roles that come from elsewhere. */
  readonly publishers: readonly Input<string>[];
  readonly key: Key;
}

/** What moves or changes weights. */
const dataActions = [
  's3:AbortMultipartUpload',
  's3:DeleteObject',
  's3:DeleteObjectVersion',
  's3:GetObject',
  's3:GetObjectAttributes',
  's3:GetObjectVersion',
  's3:PutObject',
  's3:PutObjectRetention',
  's3:RestoreObject',
];

/**
 * Weights come and go through the network's endpoint, under the site's own key, and are copied nowhere.
 *
 * Only the actions that move weights are denied: Pulumi's own, which read and write the bucket's
 * settings (`s3:ListBucket` among them), come from anywhere, so that nobody is locked out.
 */
export function modelBucketStatements(
  bucket: Bucket,
  { s3EndpointId, publishers, key }: Doors,
): readonly Statement[] {
  const objects = interpolate`${bucket.arn}/*`;
  const foreignKey = (
    condition: Readonly<Record<string, Input<string>>>,
    sid: string,
  ): Statement => ({
    Sid: sid,
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:PutObject',
    Resource: objects,
    // What names no key gets the bucket's.
    Condition: { StringNotEqualsIfExists: condition },
  });
  return [
    {
      Sid: 'ThroughTheNetwork',
      Effect: 'Deny',
      Principal: '*',
      Action: dataActions,
      Resource: objects,
      Condition: {
        StringNotEquals: { 'aws:SourceVpce': s3EndpointId },
        ...(publishers.length === 0 ? {} : { ArnNotLike: { 'aws:PrincipalArn': [...publishers] } }),
      },
    },
    foreignKey({ 's3:x-amz-server-side-encryption': 'aws:kms' }, 'UnderKms'),
    foreignKey({ 's3:x-amz-server-side-encryption-aws-kms-key-id': key.arn }, 'UnderTheOwnKey'),
    {
      Sid: 'NoReplication',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:PutReplicationConfiguration',
      Resource: bucket.arn,
    },
  ];
}
