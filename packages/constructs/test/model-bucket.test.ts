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

  for (const uri of ['pvc://', 'pvc://Models', 'pvc://a.b/c', `pvc://${'a'.repeat(58)}`]) {
    it(`refuses the claim in "${uri}"`, () => {
      refuses(() => new ModelBucket({ place, uri }), 'MANARA_URI', 'pvc://<claim>', uri);
    });
  }
});
