import assert from 'node:assert/strict';
import type { PolicyResource } from '@pulumi/policy';
import { residencyPolicies } from '../src';
import { awsResource, inStack, judgeStack, uae, unknownText } from './support/judge';

const type = 'aws:s3/bucketReplicationConfig:BucketReplicationConfig';
const rules = (bucket: string) => ({ rules: [{ destination: { bucket } }] });

const judge = (resources: PolicyResource[], pack = uae) =>
  judgeStack('replication-target-is-known', resources, pack);

describe('replication-target-is-known', () => {
  const bucket = inStack(awsResource('aws:s3/bucket:Bucket', { bucket: 'copies' }));

  it('is mandatory', () => {
    const policies = residencyPolicies('uae', uae);
    const policy = policies.find(({ name }) => name === 'replication-target-is-known');
    assert.equal(policy?.enforcementLevel, 'mandatory');
  });

  it('refuses a bucket that is told by its ARN alone', async () => {
    const [message = '', ...others] = await judge([
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
    assert.equal((await judge([resource])).length, 1);
  });

  it('passes a bucket of the same stack, known or not known yet', async () => {
    const known = inStack(awsResource(type, rules('arn:aws:s3:::copies')));
    assert.deepEqual(await judge([bucket, known]), []);
    const made = inStack(awsResource('aws:s3/bucket:Bucket', { arn: 'arn:aws:s3:::copies' }));
    assert.deepEqual(await judge([made, known]), []);
    const unknown = inStack(awsResource(type, rules(unknownText)), { rules: [bucket] });
    assert.deepEqual(await judge([bucket, unknown]), []);
  });

  it('refuses a target that is not known yet and that no bucket of the stack gives', async () => {
    const [message = ''] = await judge([inStack(awsResource(type, rules(unknownText)))]);
    assert.match(
      message,
      /^rules.0.destination.bucket is not known, and is no bucket of this stack/,
    );
  });

  it('passes a bucket that the pack locates', async () => {
    const copies = inStack(awsResource(type, rules('arn:aws:s3:::archive')));
    const located = { 'arn:aws:s3:::archive': 'aws:me-central-1' } as const;
    assert.deepEqual(await judge([copies], { ...uae, located }), []);
  });
});
