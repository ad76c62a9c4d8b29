import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { RequestListener, ServerResponse } from 'node:http';
import { s3Source } from '../../../src/fetch/sources/s3';
import { type LocalServer, serve, sha256, Workplace } from '../bench';

describe('fetching from S3', () => {
  const weights = Buffer.alloc(300_000, 'weights');
  let place: Workplace;
  let store: LocalServer;
  let answer: RequestListener;
  const environment = { ...process.env };

  before(async () => {
    store = await serve((request, response) => {
      answer(request, response);
    });
    Object.assign(process.env, {
      AWS_ENDPOINT_URL_S3: store.origin,
      AWS_REGION: 'me-central-1',
      AWS_ACCESS_KEY_ID: 'id',
      AWS_SECRET_ACCESS_KEY: 'secret',
    });
  });
  after(async () => {
    await store.close();
    process.env = environment;
  });
  beforeEach(async () => {
    store.seen.length = 0;
    place = await Workplace.create();
    await place.describe('s3://weights-bucket/fraud/1 #%.onnx', sha256(weights));
  });
  afterEach(() => place.remove());

  function refuse(response: ServerResponse, status: number, code: string): void {
    response
      .writeHead(status, { 'content-type': 'application/xml' })
      .end(`<Error><Code>${code}</Code><Message>no</Message></Error>`);
  }

  it('reads the object by path, key as it stands, signed for the region', async () => {
    let authorization = '';
    answer = (request, response) => {
      authorization = request.headers.authorization ?? '';
      response.writeHead(200, { 'content-length': weights.length }).end(weights);
    };
    const { code, error } = await place.fetch();
    assert.equal(error, undefined);
    assert.equal(code, 0);
    assert.deepEqual(await readFile(place.weights), weights);
    // A slow machine may make the SDK ask twice.
    assert.deepEqual(
      [...new Set(store.seen)],
      ['/weights-bucket/fraud/1%20%23%25.onnx?x-id=GetObject'],
    );
    assert.match(authorization, /^AWS4-HMAC-SHA256 Credential=id\/\d{8}\/me-central-1\/s3\//);
  });

  it('does not try again where the object is not to be had', async () => {
    answer = (_, response) => {
      refuse(response, 404, 'NoSuchKey');
    };
    const { code, error } = await place.fetch();
    assert.equal(code, 1);
    assert.equal(error, 's3://weights-bucket/fraud/1 #%.onnx: the store answered 404 NoSuchKey');
    assert.equal(store.seen.length, 1);
  });

  it('says which right is missing', async () => {
    answer = (_, response) => {
      refuse(response, 403, 'AccessDenied');
    };
    const { error } = await place.fetch();
    assert.match(
      String(error),
      /the store answered 403 AccessDenied: this identity needs s3:GetObject/,
    );
    assert.equal(store.seen.length, 1);
  });

  it('does not follow a bucket into another region', async () => {
    answer = (_, response) => {
      refuse(response, 301, 'PermanentRedirect');
    };
    const { error } = await place.fetch();
    assert.match(
      String(error),
      /301 PermanentRedirect: the bucket is in another region, which leaves the declared flow/,
    );
    assert.equal(store.seen.length, 1);
  });

  it('tries again after 503, once per try of its own', async () => {
    answer = (_, response) => {
      if (store.seen.length < 3) refuse(response, 503, 'SlowDown');
      else response.end(weights);
    };
    assert.equal((await place.fetch()).code, 0);
    assert.equal(store.seen.length, 3);
  });

  it('tries again after a body that ends short', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': weights.length });
      if (store.seen.length === 1) response.write(weights.subarray(0, 9), () => response.destroy());
      else response.end(weights);
    };
    assert.equal((await place.fetch()).code, 0);
    assert.deepEqual(await readFile(place.weights), weights);
  });
});

describe('s3Source', () => {
  for (const uri of [
    's3://bucket',
    's3://bucket/',
    's3:///key',
    's3:bucket/key',
    's3://Bucket/key',
    's3://a/key',
  ]) {
    it(`refuses ${uri}`, () => {
      assert.throws(() => s3Source(uri), {
        name: 'SourceUriError',
        message: `expected s3://bucket/key, received "${uri}"`,
      });
    });
  }
});
