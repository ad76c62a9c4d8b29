import assert from 'node:assert/strict';
import { at, documentOf } from '../support/manifests';
import { newBehind, newGateway } from './support';

describe('contract of a gateway', () => {
  const behind = newBehind();
  newGateway(behind);
  const route = at(documentOf(behind.app, 'VirtualService', 'api'), 'spec', 'http', 0);
  const contract: unknown = JSON.parse(String(at(route, 'directResponse', 'body', 'string')));

  it('is answered at one path, as JSON', () => {
    assert.deepEqual(at(route, 'match'), [
      { uri: { exact: '/openapi.json' }, method: { exact: 'GET' } },
    ]);
    assert.equal(at(route, 'headers', 'response', 'set', 'content-type'), 'application/json');
  });

  it('has each version’s inference with what it takes, and asks for a token', () => {
    const infer = at(contract, 'paths', '/v2/models/fraud/versions/1/infer', 'post');
    assert.equal(at(infer, 'operationId'), 'modelVersionInfer.fraud.1');
    assert.deepEqual(at(infer, 'security'), [{ bearer: [] }]);
    assert.deepEqual(at(contract, 'servers'), [{ url: 'https://api.bank.example' }]);
  });

  it('has nothing that the gateway does not lead to', () => {
    const paths = Object.keys(at(contract, 'paths') as object);
    assert.deepEqual(
      paths.filter((path) => !/^\/v2\/(repository\/)?models\/|^\/openapi\.json$/.test(path)),
      [],
    );
    assert(paths.length > 10);
    assert(!paths.includes('/v2/models/stats'));
  });
});
