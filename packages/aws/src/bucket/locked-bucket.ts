import {
  Bucket,
  BucketLifecycleConfiguration,
  BucketObjectLockConfiguration,
  BucketOwnershipControls,
  BucketPolicy,
  BucketPublicAccessBlock,
  BucketServerSideEncryptionConfiguration,
  BucketVersioning,
} from '@pulumi/aws/s3';
import type { Key } from '@pulumi/aws/kms';
import { interpolate } from '@pulumi/pulumi';
import type { ChildContext } from '../aws-component';
import { policyDocument, type Statement } from '../support/policy';

/** How long no version of an object can be deleted. */
export interface ObjectLock {
  /** `governance` lets a role with `s3:BypassGovernanceRetention` delete sooner; `compliance`, nobody. */
  readonly mode: 'governance' | 'compliance';
  /** Days from when a version is written: 1 to 36500. */
  readonly days: number;
}

interface LockedBucketOptions {
  readonly lock: ObjectLock;
  /** Key for what is written without one. @default - S3's own */
  readonly key?: Key;
  readonly statements: (bucket: Bucket) => readonly Statement[];
}

/** A bucket, and its policy, which whatever writes to it waits for. */
export interface LockedBucket {
  readonly bucket: Bucket;
  readonly policy: BucketPolicy;
}

/** A private bucket of which every version is kept for a time, reached over TLS only. */
export function lockedBucket(
  { region, tags, child }: ChildContext,
  name: string,
  { lock, key, statements }: LockedBucketOptions,
): LockedBucket {
  const bucket = new Bucket(name, { objectLockEnabled: true, region, tags }, child);
  const of = { bucket: bucket.bucket, region };
  new BucketOwnershipControls(
    name,
    { ...of, rule: { objectOwnership: 'BucketOwnerEnforced' } },
    child,
  );
  const block = new BucketPublicAccessBlock(
    name,
    {
      ...of,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    child,
  );
  const versioning = new BucketVersioning(
    name,
    { ...of, versioningConfiguration: { status: 'Enabled' } },
    child,
  );
  new BucketServerSideEncryptionConfiguration(
    name,
    {
      ...of,
      rules: [
        key === undefined
          ? { applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }
          : {
              applyServerSideEncryptionByDefault: {
                sseAlgorithm: 'aws:kms',
                kmsMasterKeyId: key.arn,
              },
              bucketKeyEnabled: true,
            },
      ],
    },
    child,
  );
  new BucketObjectLockConfiguration(
    name,
    { ...of, rule: { defaultRetention: { mode: lock.mode.toUpperCase(), days: lock.days } } },
    { ...child, dependsOn: [versioning] },
  );
  new BucketLifecycleConfiguration(
    name,
    {
      ...of,
      rules: [
        {
          id: 'abort-unfinished-uploads',
          status: 'Enabled',
          filter: {},
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        },
      ],
    },
    { ...child, dependsOn: [versioning] },
  );
  const policy = new BucketPolicy(
    name,
    { ...of, policy: policyDocument(...tlsOnly(bucket), ...statements(bucket)) },
    { ...child, dependsOn: [block] },
  );
  return { bucket, policy };
}

function tlsOnly(bucket: Bucket): readonly Statement[] {
  const denial: Statement = {
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [bucket.arn, interpolate`${bucket.arn}/*`],
  };
  return [
    { Sid: 'OverTls', ...denial, Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    { Sid: 'OverTls12', ...denial, Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } } },
  ];
}
