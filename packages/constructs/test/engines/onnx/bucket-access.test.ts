import assert from 'node:assert/strict';
import { App } from 'cdk8s';
import {
  late,
  type LateValues,
  manifestFiles,
  ModelBucket,
  ModelVersion,
  Peer,
} from '../../../src';
import { refuses } from '../../support/errors';
import { newArtifact, newEndpoint, newSite, newZone, type UaePlace } from '../../support/fixtures';
import { at, documentOf, documents } from '../../support/manifests';

const place = 'aws:me-central-1';
const peer = Peer.addresses('10.20.0.0/24');
const role = 'eks.amazonaws.com/role-arn';

/** An endpoint with a version in each of these buckets. */
function appOf(...buckets: readonly ModelBucket<UaePlace>[]): App {
  const app = new App();
  const [first, ...rest] = buckets.map(
    (bucket, i) => new ModelVersion(i + 1, newArtifact({ bucket })),
  );
  assert(first !== undefined);
  newEndpoint(newSite(newZone(app)), { versions: [first, ...rest] });
  return app;
}

function environmentOf(app: App, values?: LateValues): unknown {
  const deployment = documents(app, values).find((d) => d.kind === 'Deployment');
  const pod = at(deployment, 'spec', 'template', 'spec');
  assert.deepEqual(at(pod, 'containers', 0, 'env'), [
    { name: 'ORT_DISABLE_TELEMETRY', value: '1' },
  ]);
  return at(pod, 'initContainers', 0, 'env');
}

describe('the container that fetches', () => {
  it('is told the region of a bucket of AWS: the SDK knows none by itself', () => {
    const bucket = new ModelBucket({ place, uri: 's3://bank-models', peer });
    assert.deepEqual(environmentOf(appOf(bucket, bucket)), [
      { name: 'AWS_REGION', value: 'me-central-1' },
    ]);
  });

  it('is told the region of a bucket whose address is late', () => {
    const bucket = new ModelBucket({ place, uri: late('access-bucket'), peer });
    const environment = environmentOf(appOf(bucket), { 'access-bucket': 's3://bank-models' });
    assert.deepEqual(environment, [{ name: 'AWS_REGION', value: 'me-central-1' }]);
  });

  it('is told where another store answers', () => {
    const endpoint = 'https://minio.bank.example:9000';
    const bucket = new ModelBucket({ place: 'azure:uaenorth', uri: 's3://models', endpoint, peer });
    assert.deepEqual(environmentOf(appOf(bucket)), [
      { name: 'AWS_REGION', value: 'uaenorth' },
      { name: 'AWS_ENDPOINT_URL_S3', value: endpoint },
    ]);
  });

  for (const uri of ['https://models.bank.example', 'pvc://model-store']) {
    it(`is told nothing about ${uri}`, () => {
      assert.equal(environmentOf(appOf(new ModelBucket({ place, uri, peer }))), undefined);
    });
  }

  it('cannot read from two regions, or from two stores', () => {
    const aws = new ModelBucket({ place, uri: 's3://bank-models', peer });
    const endpoint = 'https://minio.bank.example';
    refuses(
      () => appOf(aws, new ModelBucket({ place: 'azure:uaenorth', uri: 's3://x', endpoint, peer })),
      'MANARA_ENGINE',
      '[bank/fraud] versions: one pod reads all their buckets with one AWS_REGION',
      'received "me-central-1" of bucket "s3://bank-models" and "uaenorth" of bucket "s3://x"',
    );
    refuses(
      () => appOf(aws, new ModelBucket({ place, uri: 's3://x', endpoint, peer })),
      'MANARA_ENGINE',
      'with one AWS_ENDPOINT_URL_S3',
      `received none of bucket "s3://bank-models" and "${endpoint}" of bucket "s3://x"`,
    );
  });
});

describe('the endpoint of a bucket', () => {
  for (const [endpoint, rule] of [
    ['https://s3.eu-west-1.amazonaws.com', 'uri-matches-place'],
    ['https://huggingface.co', 'known-host-is-in-zone'],
  ] as const) {
    it(`at ${endpoint} is audited: ${rule}`, () => {
      const app = appOf(new ModelBucket({ place, uri: 's3://models', endpoint, peer }));
      assert.throws(() => manifestFiles(app), new RegExp(`rule ${rule} `));
    });
  }
});

describe('the service account', () => {
  const bucket = (uri: string, readerAnnotations: Readonly<Record<string, string>>) =>
    new ModelBucket({ place, uri, peer, readerAnnotations });

  it('carries the annotations of every bucket, equal ones once', () => {
    const app = appOf(
      bucket('s3://one', { [role]: 'arn:a', 'bank.example/team': 'risk' }),
      bucket('s3://two', { [role]: 'arn:a', 'bank.example/tier': '1' }),
    );
    assert.deepEqual(at(documentOf(app, 'ServiceAccount', 'fraud'), 'metadata', 'annotations'), {
      [role]: 'arn:a',
      'bank.example/team': 'risk',
      'bank.example/tier': '1',
    });
  });

  it('cannot carry one annotation with two values', () => {
    refuses(
      () => appOf(bucket('s3://one', { [role]: 'arn:a' }), bucket('s3://two', { [role]: 'arn:b' })),
      'MANARA_ENGINE',
      `[bank/fraud] versions: one pod reads all their buckets with one ${role}; expected equal readerAnnotations`,
      'received "arn:a" of bucket "s3://one" and "arn:b" of bucket "s3://two"',
    );
  });
});
