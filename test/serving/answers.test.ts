import assert from 'node:assert/strict';
import { direct, realRequests, type HexTensor } from '../support/inference';
import { ModelServer } from '../support/model-server';
import { assertSameTensors } from '../support/same-tensors';
import { GrpcClient } from './grpc';
import { restBinary, restJson } from './rest';

describe('answers of the server', function () {
  this.timeout(60_000);
  let server: ModelServer;
  let grpc: GrpcClient;

  before(async () => {
    server = await ModelServer.start();
    grpc = GrpcClient.connect(server.grpc);
  });

  after(async () => {
    grpc.close();
    assert.equal(await server.stop(), 0);
  });

  for (const request of realRequests()) {
    describe(request.title, () => {
      let expected: readonly HexTensor[];

      before(async () => {
        expected = await direct(request);
      });

      const protocols = {
        'REST JSON': () => restJson(server.http, request),
        'REST binary': () => restBinary(server.http, request),
        'gRPC typed': () => grpc.typed(request),
        'gRPC raw': () => grpc.raw(request),
      };
      for (const [protocol, infer] of Object.entries(protocols)) {
        it(`equal onnxruntime's to the bit over ${protocol}`, async () => {
          assertSameTensors(await infer(), expected);
        });
      }
    });
  }
});
