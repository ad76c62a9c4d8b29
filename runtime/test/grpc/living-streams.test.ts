import assert from 'node:assert/strict';
import { Server } from '@grpc/grpc-js';
import { passLivingStreamsOnly } from '../../src/grpc/living-streams';
import { grpcParsers } from '../../src/grpc/parser';
import { errorCode } from '../../src/http2/fault';
import { frameType, numberFrame } from '../../src/http2/frames';
import { TestGrpcClient } from '../support/grpc-client';
import { headersFrame, headOf, noSettings, preface, RawHttp2 } from '../support/raw-http2';
import { startTestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';

describe('calls that are given up as they begin', () => {
  const repository = new TemporaryRepository();
  after(() => {
    repository.remove();
  });

  for (const grpcParser of grpcParsers) {
    // Ends the process where it is not held, and mocha with it.
    it(`leave a server alone whose parser is ${grpcParser}`, async () => {
      const { server, grpc } = await startTestServer(repository.folder, { grpcParser });
      const given = (stream: number, path: string, type: string): readonly Buffer[] => [
        headersFrame(stream, headOf(path, ['content-type', type]), true),
        numberFrame(frameType.reset, stream, errorCode.cancel),
      ];
      const raw = await RawHttp2.connect(
        Number(grpc.split(':')[1]),
        Buffer.concat([
          preface,
          noSettings,
          ...given(1, '/', 'text/plain'),
          ...given(3, '/inference.GRPCInferenceService/Nothing', 'application/grpc'),
          ...given(5, '/inference.GRPCInferenceService/ServerLive', 'application/grpc'),
        ]),
      );
      const client = new TestGrpcClient(grpc);
      try {
        assert.deepEqual(await client.call('ServerLive', {}), { live: true });
      } finally {
        raw.leave();
        client.close();
        await server.close();
      }
    });
  }

  it('are looked for where one injector was made, and nowhere else', () => {
    assert.throws(() => {
      passLivingStreamsOnly(new Server());
    }, /keeps its node:http2 server elsewhere/);
  });
});
