import assert from 'node:assert/strict';
import { awsResource, inUae, judge, passes, refused, uae } from '../support/judge';
import { Jurisdiction, DataClass } from '../../src';

describe('where a resource of AWS is', () => {
  it("is its provider's region, or its own", async () => {
    await passes(awsResource('aws:s3/bucket:Bucket'));
    await passes({ type: 'aws:s3/bucketV2:BucketV2', props: { region: 'me-central-1' } });
    await refused(
      'flow-stays-in-zone',
      { type: 'aws:s3/bucket:Bucket', providerProps: { region: 'eu-west-1' } },
      /^"aws:s3:Bucket "it"" is at aws:eu-west-1, outside zone "uae" \(aws:me-central-1, azure:uaenorth\)/,
    );
  });

  it("is its own region where its provider's is another", async () => {
    await refused(
      'flow-stays-in-zone',
      awsResource('aws:s3/bucket:Bucket', { region: 'me-south-1' }),
      /is at aws:me-south-1/,
    );
    await passes({
      type: 'aws:s3/bucket:Bucket',
      props: { region: 'me-central-1' },
      providerProps: { region: 'eu-west-1' },
    });
  });

  it('is judged by the law, too', async () => {
    const pack = { ...uae, zone: { ...uae.zone, data: [DataClass.HEALTH, DataClass.PERSONAL] } };
    const reports = await judge(
      { type: 'aws:rds/instance:Instance', providerProps: { region: 'eu-west-1' } },
      pack,
    );
    assert.deepEqual(
      reports.map(({ policy }) => policy),
      ['flow-stays-in-zone', 'pdpl-transfer-basis', 'health-data-stays-in-uae'],
    );
  });

  it('may be abroad where the zone says why', async () => {
    const difc = {
      zone: {
        jurisdiction: Jurisdiction.DIFC,
        places: ['aws:me-central-1'] as const,
        data: [DataClass.PERSONAL],
      },
    };
    const bucket = awsResource('aws:s3/bucket:Bucket');
    await refused('difc-transfer-basis', bucket, /states no transfer basis/, difc);
    const to = 'aws:me-central-1' as const;
    const transfers = [{ to, basis: 'DIFC DPL Art 27(2)(a)', evidence: 'contract 7' }];
    await passes(bucket, { zone: { ...difc.zone, transfers } });
  });

  it('is refused where nothing names a region, or an unknown one', async () => {
    await refused(
      'flow-is-declared',
      { type: 'aws:s3/bucket:Bucket' },
      /neither it nor its provider names a region\nfix: pulumi config set aws:region/,
    );
    await refused(
      'flow-is-declared',
      { type: 'aws:s3/bucket:Bucket', providerProps: { region: 'me-central1' } },
      /received "aws:me-central1"; did you mean "aws:me-central-1"/,
    );
  });

  it('is no question for who may do what, for names and for bills', async () => {
    const providerProps = { region: 'us-east-1' };
    for (const type of [
      'aws:iam/role:Role',
      'aws:organizations/policy:Policy',
      'aws:route53/record:Record',
    ]) {
      await passes({ type, providerProps });
    }
    await refused(
      'flow-stays-in-zone',
      { type: 'aws:route53/resolverEndpoint:ResolverEndpoint', providerProps },
      /is at aws:us-east-1/,
    );
  });

  it('reads the region of availability zones, and no other text as one', async () => {
    await passes(awsResource('aws:ec2/subnet:Subnet', { availabilityZone: 'me-central-1a' }));
    await passes(awsResource('aws:ec2/instance:Instance', { instanceType: 'g6.xlarge', ...inUae }));
    await refused(
      'flow-stays-in-zone',
      awsResource('aws:ec2/subnet:Subnet', { availabilityZone: 'eu-west-1b' }),
      /availabilityZone" is at aws:eu-west-1/,
    );
  });
});
