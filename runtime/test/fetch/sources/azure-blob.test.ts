import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { IncomingHttpHeaders, RequestListener, ServerResponse } from 'node:http';
import { azureBlobSource } from '../../../src/fetch/sources/azure-blob';
import { type LocalServer, serve, sha256, Workplace } from '../bench';

describe('fetching from Azure Blob Storage', () => {
  const weights = Buffer.alloc(300_000, 'weights');
  let place: Workplace;
  let store: LocalServer;
  let answer: RequestListener;
  let headers: IncomingHttpHeaders[];
  const environment = { ...process.env };

  before(async () => {
    store = await serve((request, response) => {
      headers.push(request.headers);
      answer(request, response);
    });
    process.env.AZURE_STORAGE_CONNECTION_STRING = [
      'DefaultEndpointsProtocol=http',
      'AccountName=bankmodels',
      `AccountKey=${Buffer.from('no secret').toString('base64')}`,
      `BlobEndpoint=${store.origin}/bankmodels`,
    ].join(';');
  });
  after(async () => {
    process.env = environment;
    await store.close();
  });
  beforeEach(async () => {
    store.seen.length = 0;
    headers = [];
    place = await Workplace.create();
    await place.describe('azblob://bankmodels/models/fraud/1 #%.onnx', sha256(weights));
  });
  afterEach(() => place.remove());

  function refuse(response: ServerResponse, status: number, code: string): void {
    response
      .writeHead(status, { 'x-ms-error-code': code, 'content-type': 'application/xml' })
      .end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`);
  }
  const etag = '"0x8D"';
  const whole = { etag, 'content-length': weights.length };

  it('reads the blob, its path as it stands, signed with the key', async () => {
    answer = (_, response) => response.writeHead(200, whole).end(weights);
    const { code, error } = await place.fetch();
    assert.equal(error, undefined);
    assert.equal(code, 0);
    assert.deepEqual(await readFile(place.weights), weights);
    assert.deepEqual(store.seen, ['/bankmodels/models/fraud/1%20%23%25.onnx']);
    assert.match(String(headers[0]?.authorization), /^SharedKey bankmodels:/);
  });

  it('goes on after a body that ends short, if the blob is the same', async () => {
    answer = (request, response) => {
      if (store.seen.length === 1) {
        response.writeHead(200, whole);
        response.write(weights.subarray(0, 9), () => setTimeout(() => response.destroy(), 50));
        return;
      }
      assert.equal(request.headers['if-match'], etag);
      assert.equal(request.headers['x-ms-range'], 'bytes=9-');
      const range = {
        'content-range': `bytes 9-${weights.length - 1}/${weights.length}`,
        'content-length': weights.length - 9,
      };
      response.writeHead(206, { etag, ...range }).end(weights.subarray(9));
    };
    const { code, error } = await place.fetch();
    assert.equal(error, undefined);
    assert.equal(code, 0);
    assert.deepEqual(await readFile(place.weights), weights);
    assert.equal(store.seen.length, 2);
  });

  it('reports a body that broke off before anybody read it', async () => {
    answer = (_, response) => {
      response.writeHead(200, whole);
      response.write(weights.subarray(0, 9), () => response.destroy());
    };
    const source = azureBlobSource('azblob://bankmodels/models/a');
    const { body } = await source.open({ offset: 0 }, new AbortController().signal);
    await new Promise((later) => setTimeout(later, 100));
    await assert.rejects(body.toArray(), { name: 'FetchError', passing: true });
  });

  it('starts anew where the blob is another by now', async () => {
    answer = (request, response) => {
      if (store.seen.length === 1) {
        response.writeHead(200, { ...whole, etag: '"0x1"' });
        response.write(Buffer.from('of before'), () => setTimeout(() => response.destroy(), 50));
      } else if (request.headers['if-match'] !== undefined) {
        refuse(response, 412, 'ConditionNotMet');
      } else response.writeHead(200, whole).end(weights);
    };
    assert.equal((await place.fetch()).code, 0);
    assert.deepEqual(await readFile(place.weights), weights);
    assert.equal(store.seen.length, 3);
  });

  it('says which right is missing, and does not try again', async () => {
    answer = (_, response) => {
      refuse(response, 403, 'AuthorizationPermissionMismatch');
    };
    const { code, error } = await place.fetch();
    assert.equal(code, 1);
    assert.equal(
      error,
      'azblob://bankmodels/models/fraud/1 #%.onnx: the store answered 403 AuthorizationPermissionMismatch: this identity needs the role Storage Blob Data Reader on the container',
    );
    assert.equal(store.seen.length, 1);
  });

  it('tries again after 503, once per try of its own', async () => {
    answer = (_, response) => {
      if (store.seen.length < 3) refuse(response, 503, 'ServerBusy');
      else response.writeHead(200, whole).end(weights);
    };
    assert.equal((await place.fetch()).code, 0);
    assert.equal(store.seen.length, 3);
  });

  it('tells no account what is meant for another', async () => {
    await place.describe('azblob://othermodels/models/a', sha256(weights));
    const { error } = await place.fetch();
    assert.match(
      String(error),
      /expected a connection to account "othermodels", but the environment's \(AZURE_STORAGE_CONNECTION_STRING, AZURE_STORAGE_SERVICE_ENDPOINT\) is to "bankmodels"$/,
    );
    assert.deepEqual(store.seen, []);
  });
});

describe('azureBlobSource', () => {
  for (const uri of [
    'azblob://bankmodels/models',
    'azblob://bankmodels/models/',
    'azblob://Bank/models/a',
    'azblob://ab/models/a',
    'azblob://bankmodels/-a/b',
    'azblob:bankmodels/models/a',
  ]) {
    it(`refuses ${uri}`, () => {
      assert.throws(() => azureBlobSource(uri), {
        name: 'SourceUriError',
        message: `expected azblob://account/container/path, received "${uri}"`,
      });
    });
  }
});
