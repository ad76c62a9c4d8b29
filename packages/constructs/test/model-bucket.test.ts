import assert from 'node:assert/strict';
import { late, ModelBucket, Peer } from '../src';
import { refuses } from './support/errors';

const place = 'aws:me-central-1';
const peer = Peer.addresses('10.20.0.0/24');

describe('ModelBucket', () => {
  it('appends keys to its address, with one slash', () => {
    const bucket = new ModelBucket({ place, uri: 's3://bank-models/v2//', peer });
    assert.equal(bucket.uriOf('fraud/1/model.onnx'), 's3://bank-models/v2/fraud/1/model.onnx');
    assert.deepEqual(bucket.readerAnnotations, {});
  });

  it('may be late', () => {
    const bucket = new ModelBucket({ place, uri: late('models-uri'), peer });
    assert.equal(bucket.uriOf('a'), '${late:models-uri}/a');
  });

  for (const uri of ['pvc://model-store', 'pvc://model-store/team/a']) {
    it(`at ${uri} needs no addresses`, () => {
      assert.equal(new ModelBucket({ place, uri }).peer, undefined);
    });
  }

  for (const uri of ['s3://bank-models', 'https://models.bank.example', late('models-uri')]) {
    it(`at ${uri} needs its address ranges`, () => {
      refuses(() => new ModelBucket({ place, uri }), 'MANARA_PEER', uri, 'Peer.addresses(');
    });
  }

  for (const uri of ['http://models.bank.example', 'gs://models', 'models', '']) {
    it(`refuses the address "${uri}"`, () => {
      refuses(
        () => new ModelBucket({ place, uri, peer }),
        'MANARA_URI',
        `received "${uri}"`,
        's3://',
      );
    });
  }

  it('with an endpoint of its own is reached below it, by path', () => {
    const bucket = new ModelBucket({
      place: 'onprem:vault-1',
      uri: 's3://models/v2',
      endpoint: 'https://minio.bank.example:9000/',
      peer,
    });
    assert.equal(bucket.uriOf('a'), 's3://models/v2/a');
    assert.equal(bucket.addressOf('a'), 'https://minio.bank.example:9000/models/v2/a');
    assert.deepEqual(bucket.s3, {
      region: 'us-east-1',
      endpoint: 'https://minio.bank.example:9000',
    });
  });

  it('takes the region that requests are signed for from its place', () => {
    const regionAt = (at: 'oci:me-dubai-1' | 'aws:me-central-1', endpoint?: string) =>
      new ModelBucket({
        place: at,
        uri: 's3://models',
        peer,
        ...(endpoint === undefined ? {} : { endpoint }),
      }).s3?.region;
    assert.equal(regionAt('aws:me-central-1'), 'me-central-1');
    const oci = 'https://bank.compat.objectstorage.me-dubai-1.oraclecloud.com';
    assert.equal(regionAt('oci:me-dubai-1', oci), 'me-dubai-1');
  });

  it('may have a late endpoint', () => {
    const endpoint = late('store');
    const bucket = new ModelBucket({ place, uri: 's3://models', endpoint, peer });
    assert.equal(bucket.addressOf('a'), `${endpoint}/models/a`);
  });

  for (const elsewhere of ['azure:uaenorth', 'onprem:vault-1'] as const) {
    it(`of s3:// at ${elsewhere} must say where its store answers`, () => {
      refuses(
        () => new ModelBucket({ place: elsewhere, uri: 's3://models', peer }),
        'MANARA_URI',
        `endpoint: "s3://models" at ${elsewhere} is no bucket of AWS`,
        'received none',
      );
    });
  }

  for (const endpoint of [
    'minio.bank.example',
    'http://minio.bank.example',
    's3://x',
    'https://user:secret@minio.bank.example',
    'https://minio.bank.example?x=1',
    '',
  ]) {
    it(`refuses the endpoint "${endpoint}"`, () => {
      refuses(
        () => new ModelBucket({ place: 'onprem:vault-1', uri: 's3://models', endpoint, peer }),
        'MANARA_URI',
        'endpoint: expected an https:// address',
        `received "${endpoint}"`,
      );
    });
  }

  it('refuses an endpoint beside an address that needs none', () => {
    for (const uri of ['https://models.bank.example', 'pvc://model-store']) {
      refuses(
        () => new ModelBucket({ place, uri, endpoint: 'https://minio.bank.example', peer }),
        'MANARA_URI',
        `endpoint: expected none beside "${uri}"`,
      );
    }
  });

  for (const uri of ['pvc://', 'pvc://Models', 'pvc://a.b/c', `pvc://${'a'.repeat(58)}`]) {
    it(`refuses the claim in "${uri}"`, () => {
      refuses(() => new ModelBucket({ place, uri }), 'MANARA_URI', 'pvc://<claim>', uri);
    });
  }
});
