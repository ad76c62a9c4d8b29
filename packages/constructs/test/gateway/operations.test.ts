import assert from 'node:assert/strict';
import { grpcOperations, restOperations } from '../../src/gateway/operations';

describe('operations of a gateway', () => {
  it('are those of the verbs, for one endpoint and all of its versions', () => {
    const asked = { endpoint: 'fraud', verbs: ['explain'], versions: undefined } as const;
    assert.deepEqual(restOperations(asked), [
      {
        method: 'POST',
        paths: ['/v2/models/fraud/explain', '/v2/models/fraud/versions/{*}/explain'],
      },
    ]);
    assert.deepEqual(grpcOperations(asked), [
      { method: 'POST', paths: ['/manara.v1.Explanation/ModelExplain'] },
    ]);
  });

  it('let whoever infers see what jobs came of it', () => {
    const all = restOperations({ endpoint: 'fraud', verbs: ['infer'], versions: undefined });
    assert.deepEqual(
      all.find(({ method }) => method === 'DELETE'),
      { method: 'DELETE', paths: ['/v2/jobs/{*}'] },
    );
    assert.deepEqual(all.find(({ method }) => method === 'GET')?.paths, [
      '/v2/jobs',
      '/v2/jobs/{*}',
      '/v2/jobs/{*}/result',
    ]);
  });

  it('name each version that is allowed, and nothing that would be answered by another', () => {
    const asked = { endpoint: 'fraud', verbs: ['read'], versions: [2] } as const;
    assert.deepEqual(restOperations(asked), [
      {
        method: 'GET',
        paths: [
          '/v2/models/fraud/versions/2',
          '/v2/models/fraud/versions/2/ready',
          '/v2/models/fraud/versions/2/config',
          '/v2/models/fraud/versions/2/stats',
        ],
      },
    ]);
    assert.deepEqual(grpcOperations(asked), []);
  });

  it('keep what operates a server to who may load', () => {
    const paths = restOperations({
      endpoint: 'fraud',
      verbs: ['read', 'infer', 'explain'],
      versions: undefined,
    }).flatMap((operation) => operation.paths);
    assert.deepEqual(
      paths.filter((path) => /load|admin/.test(path)),
      [],
    );
  });
});
