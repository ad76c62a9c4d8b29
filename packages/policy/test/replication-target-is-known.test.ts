import assert from 'node:assert/strict';
import type { PolicyResource } from '@pulumi/policy';
import { type BoundaryProps, residencyPolicies } from '../src';
import { awsResource, inStack, uae, unknownText } from './support/judge';

const type = 'aws:s3/bucketReplicationConfig:BucketReplicationConfig';
const rules = (bucket: string) => ({ rules: [{ destination: { bucket } }] });

async function judgeStack(
  resources: PolicyResource[],
  pack: BoundaryProps = uae,
): Promise<readonly string[]> {
  const policy = residencyPolicies('uae', pack).find(
    ({ name }) => name === 'replication-target-is-known',
  );
  assert.ok(policy !== undefined && 'validateStack' in policy);
  assert.equal(policy.enforcementLevel, 'mandatory');
  const messages: string[] = [];
  const args = {
    resources,
    getConfig: () => ({}) as never,
    stackTags: new Map<string, string>(),
    notApplicable: () => {
      throw new Error('not applicable');
    },
  };
  await policy.validateStack(args, (message) => messages.push(message));
  return messages;
}

describe('replication-target-is-known', () => {
  const bucket = inStack(awsResource('aws:s3/bucket:Bucket', { bucket: 'copies' }));

  it('refuses a bucket that is told by its ARN alone', async () => {
    const [message = '', ...others] = await judgeStack([
      inStack(awsResource(type, rules('arn:aws:s3:::elsewhere'))),
    ]);
    assert.deepEqual(others, []);
    assert.match(
      message,
      /^it copies objects to arn:aws:s3:::elsewhere, and nothing tells where that is\nfix: add located: \{ 'arn:aws:s3:::elsewhere'/,
    );
  });

  it('refuses it in a rule of the bucket itself', async () => {
    const replicationConfiguration = rules('arn:aws:s3:::elsewhere');
    const resource = inStack(awsResource('aws:s3/bucket:Bucket', { replicationConfiguration }));
    assert.equal((await judgeStack([resource])).length, 1);
  });

  it('passes a bucket of the same stack, known or not known yet', async () => {
    const known = inStack(awsResource(type, rules('arn:aws:s3:::copies')));
    assert.deepEqual(await judgeStack([bucket, known]), []);
    const made = inStack(awsResource('aws:s3/bucket:Bucket', { arn: 'arn:aws:s3:::copies' }));
    assert.deepEqual(await judgeStack([made, known]), []);
    const unknown = inStack(awsResource(type, rules(unknownText)), { rules: [bucket] });
    assert.deepEqual(await judgeStack([bucket, unknown]), []);
  });

  it('refuses a target that is not known yet and that no bucket of the stack gives', async () => {
    const [message = ''] = await judgeStack([inStack(awsResource(type, rules(unknownText)))]);
    assert.match(
      message,
      /^rules.0.destination.bucket is not known, and is no bucket of this stack/,
    );
  });

  it('passes a bucket that the pack locates', async () => {
    const copies = inStack(awsResource(type, rules('arn:aws:s3:::archive')));
    const located = { 'arn:aws:s3:::archive': 'aws:me-central-1' } as const;
    assert.deepEqual(await judgeStack([copies], { ...uae, located }), []);
  });
});
