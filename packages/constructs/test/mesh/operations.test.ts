import assert from 'node:assert/strict';
import { grpcMethods, routes, type Route } from '@manara/contract';
import { callerVerbs } from '../../src/caller';
import { operationsOf } from '../../src/mesh/operations';
import { Peer } from '../../src';

const peer = Peer.namespace('payments');
const served = { name: 'fraud', versions: [1, 2] };

/** Paths that a caller may ask for, by port and method. */
function allowed(caller: Parameters<typeof operationsOf>[0]): readonly string[] {
  return operationsOf(caller, served).flatMap(({ ports, methods, paths }) =>
    methods.flatMap((method) => paths.map((path) => `${ports.join()} ${method} ${path}`)),
  );
}

describe('operationsOf', () => {
  it('lets a caller infer, explain and read, by REST and gRPC, of every version', () => {
    const paths = allowed({ peer });
    for (const path of [
      '8000 POST /v2/models/fraud/infer',
      '8000 POST /v2/models/fraud/versions/2/infer',
      '8000 POST /v2/models/fraud/explain',
      '8000 GET /v2/models/fraud',
      '8000 HEAD /v2/health/ready',
      '8000 GET /v2/jobs/*',
      '8000 DELETE /v2/jobs/*',
      '8001 POST /inference.GRPCInferenceService/ModelInfer',
      '8001 POST /manara.v1.Explanation/ModelExplain',
      '8001 POST /grpc.health.v1.Health/Check',
    ]) {
      assert.ok(paths.includes(path), path);
    }
    assert.deepEqual(
      paths.filter((path) => /load|admin|metrics|RepositoryModel/.test(path)),
      [],
    );
    assert.equal(new Set(paths).size, paths.length);
  });

  it('lets it do no more than its verbs', () => {
    assert.deepEqual(
      allowed({ peer, verbs: ['load'] }).filter((path) => !/health|Health|status|jobs/.test(path)),
      [
        '8000 POST /v2/repository/models/fraud/load',
        '8000 POST /v2/repository/models/fraud/unload',
        '8001 POST /inference.GRPCInferenceService/ServerLive',
        '8001 POST /inference.GRPCInferenceService/ServerReady',
        '8001 POST /inference.GRPCInferenceService/RepositoryModelLoad',
        '8001 POST /inference.GRPCInferenceService/RepositoryModelUnload',
      ],
    );
  });

  it('holds it to its versions: by their paths, and not by gRPC, whose messages name them', () => {
    assert.deepEqual(allowed({ peer, verbs: ['infer'], versions: [2] }), [
      '8000 GET /status',
      '8000 GET /v2/health/live',
      '8000 GET /v2/health/ready',
      '8000 HEAD /status',
      '8000 HEAD /v2/health/live',
      '8000 HEAD /v2/health/ready',
      '8000 POST /v2/models/fraud/versions/2/infer',
      '8000 POST /v2/models/fraud/versions/2/batch',
      '8001 POST /inference.GRPCInferenceService/ServerLive',
      '8001 POST /inference.GRPCInferenceService/ServerReady',
      '8001 POST /grpc.health.v1.Health/Check',
      '8001 POST /grpc.health.v1.Health/Watch',
    ]);
  });

  it('reaches every route and method of the server with some verb', () => {
    const paths = allowed({ peer, verbs: callerVerbs });
    for (const { method, pattern } of Object.values<Route>(routes)) {
      const path = pattern
        .replace(':model', 'fraud')
        .replace(':version', '1')
        .replace(/:job.*/, '*');
      assert.ok(paths.includes(`8000 ${method} ${path}`), pattern);
    }
    for (const method of Object.keys(grpcMethods)) {
      assert.ok(paths.includes(`8001 POST /inference.GRPCInferenceService/${method}`), method);
    }
  });
});
