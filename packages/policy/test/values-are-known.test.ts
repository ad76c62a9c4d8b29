import assert from 'node:assert/strict';
import { type Declared, awsResource, judge, kubernetesObject, unknownText } from './support/judge';

describe('values that a preview does not know', () => {
  const previous = process.env.PULUMI_DRY_RUN;
  afterEach(() => {
    if (previous === undefined) delete process.env.PULUMI_DRY_RUN;
    else process.env.PULUMI_DRY_RUN = previous;
  });

  const unknownRegion: Declared = {
    type: 'aws:s3/bucket:Bucket',
    props: { region: unknownText },
  };

  it('are named, once each, as what is judged in the update', async () => {
    assert.deepEqual(await judge(unknownRegion), [
      {
        policy: 'values-are-known',
        level: 'advisory',
        message:
          'region is not known in a preview; it is judged in the update, before the resource is made',
      },
    ]);
  });

  it('are refused in the update, where everything is known', async () => {
    process.env.PULUMI_DRY_RUN = 'false';
    const [report] = await judge(unknownRegion);
    assert.equal(report?.level, 'mandatory');
    assert.match(report.message, /^region is not known, so it cannot be judged\nfix: /);
  });

  it('hide nothing of what is known', async () => {
    const reports = await judge(
      kubernetesObject('kubernetes:apps/v1:Deployment', {
        metadata: { annotations: unknownText },
        spec: {
          template: {
            spec: { containers: [{ image: unknownText }, { image: 'ghcr.io/somebody/model:1' }] },
          },
        },
      }),
    );
    assert.deepEqual(
      reports.map(({ policy, level }) => `${policy} ${String(level)}`),
      ['known-host-is-in-zone mandatory', 'values-are-known advisory'],
    );
    assert.match(reports[1]?.message ?? '', /^spec.template.spec.containers.0.image is not known/);
  });

  it('hide nothing of the other settings of a rule', async () => {
    const reports = await judge(
      awsResource('aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock', {
        blockPublicAcls: unknownText,
        blockPublicPolicy: false,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      }),
    );
    assert.deepEqual(
      reports.map(({ policy }) => policy),
      ['bucket-is-not-public', 'values-are-known'],
    );
    assert.match(reports[0]?.message ?? '', /^blockPublicPolicy: expected true, received false/);
  });

  it('are passed over where no rule reads them', async () => {
    assert.deepEqual(
      await judge(awsResource('aws:s3/bucketObject:BucketObject', { bucket: unknownText })),
      [],
    );
  });
});
