import { interpolate, type Output } from '@pulumi/pulumi';
import type { Statement } from '../support/policy';

/** The weights of a bucket, as those who read them need to know them. */
export interface Weights {
  /** Name of the bucket's component. */
  readonly name: string;
  readonly region: string;
  readonly bucketArn: Output<string>;
  /** ARN of the key that they are encrypted with. */
  readonly keyArn: Output<string>;
}

/** What a reader may do. From where, the bucket's own policy says. */
export function readStatements({ region, bucketArn, keyArn }: Weights): readonly Statement[] {
  return [
    {
      Sid: 'ReadWeights',
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: interpolate`${bucketArn}/*`,
    },
    {
      Sid: 'DecryptThem',
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: keyArn,
      Condition: { StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` } },
    },
  ];
}
