import assert from 'node:assert/strict';
import { DataClass } from '../src';
import { awsResource, inStack, judgeStack, uae } from './support/judge';

describe('questions-are-answered', () => {
  const stack = ['weights', 'logs'].map((bucket) =>
    inStack(awsResource('aws:s3/bucket:Bucket', { bucket })),
  );

  it('names a requirement that no rule can judge, once a stack', async () => {
    const pack = { ...uae, zone: { ...uae.zone, data: [DataClass.GOVERNMENT] } };
    const [message = '', ...others] = await judgeStack('questions-are-answered', stack, pack);
    assert.deepEqual(others, []);
    assert.match(message, /^government-data-location: no rule on the location of government data/);
  });

  it('says nothing where there is none', async () => {
    assert.deepEqual(await judgeStack('questions-are-answered', stack), []);
  });
});
