import assert from 'node:assert/strict';
import { type ClientHttp2Session, connect } from 'node:http2';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { loadDefinitions } from '../../../src/grpc/definitions';
import { grpcParsers } from '../../../src/grpc/parser';
import { add, slow } from '../../support/models';
import { startTestServer, type TestServer } from '../../support/server';
import { TemporaryRepository } from '../../support/temporary';
import { exchange, grpcFrame, inferPath, type RawCall, type RawReply } from './raw-call';

const { requestSerialize } = loadDefinitions().inference.ModelInfer!;

const floats = (...values: number[]): Buffer => Buffer.from(Float32Array.from(values).buffer);
const tensor = (name: string) => ({ name, datatype: 'FP32', shape: [1, 2] });
const raw = {
  inputs: [tensor('a'), tensor('b')],
  raw_input_contents: [floats(1, 2), floats(3, 4)],
};
const good = { model_name: 'add', ...raw };
const message = requestSerialize(good);
const whole = grpcFrame(message);

/** What a caller may send, by what is unusual about it. */
const calls: Readonly<Record<string, RawCall>> = {
  'a plain request': { chunks: [whole] },
  'the same as application/grpc+proto': {
    headers: { 'content-type': 'application/grpc+proto' },
    chunks: [whole],
  },
  'typed contents': {
    chunks: [
      grpcFrame(
        requestSerialize({
          model_name: 'add',
          inputs: ['a', 'b'].map((name) => ({
            ...tensor(name),
            contents: { fp32_contents: [1, 2] },
          })),
        }),
      ),
    ],
  },
  'an id, a version, outputs': {
    chunks: [
      grpcFrame(
        requestSerialize({ ...good, id: 'سعر', model_version: '1', outputs: [{ name: 'sum' }] }),
      ),
    ],
  },
  parameters: {
    chunks: [
      grpcFrame(requestSerialize({ ...good, parameters: { priority: { int64_param: 1 } } })),
    ],
  },
  'a model that is not there': {
    chunks: [grpcFrame(requestSerialize({ ...good, model_name: 'none' }))],
  },
  'a shape that is not the model’s': {
    chunks: [
      grpcFrame(
        requestSerialize({
          ...good,
          inputs: [{ ...tensor('a'), shape: [1, 2, '4611686018427387904'] }, tensor('b')],
        }),
      ),
    ],
  },
  'a negative size': {
    chunks: [
      grpcFrame(
        requestSerialize({ ...good, inputs: [{ ...tensor('a'), shape: [1, -2] }, tensor('b')] }),
      ),
    ],
  },
  'bytes that are no message': { chunks: [grpcFrame(Buffer.from([0x2a, 0x7f, 1]))] },
  'an empty message': { chunks: [grpcFrame(Buffer.alloc(0))] },
  'a message in two frames': { chunks: [whole.subarray(0, 20), whole.subarray(20)] },
  'a message in many frames': { chunks: [...whole].map((byte) => Buffer.from([byte])) },
  'a prefix and nothing more': { chunks: [whole.subarray(0, 5)] },
  'half of a prefix': { chunks: [whole.subarray(0, 3)] },
  'a message that is shorter than it says': { chunks: [whole.subarray(0, 30)] },
  'two messages': { chunks: [whole, whole] },
  'two messages in one frame': { chunks: [Buffer.concat([whole, whole])] },
  'bytes after the message': { chunks: [whole, Buffer.from([0])] },
  'no message': { chunks: [] },
  'no message, said at once': { chunks: [], endsAtOnce: true },
  'a packed message': {
    headers: { 'grpc-encoding': 'gzip' },
    chunks: [grpcFrame(gzipSync(message), 1)],
  },
  'a message that may be packed and is not': {
    headers: { 'grpc-encoding': 'gzip' },
    chunks: [whole],
  },
  'a packed message of which nothing says how': { chunks: [grpcFrame(gzipSync(message), 1)] },
  'a way of packing that nobody knows': {
    headers: { 'grpc-encoding': 'brotli' },
    chunks: [grpcFrame(message, 1)],
  },
  'a message over the limit': { chunks: [grpcFrame(Buffer.alloc(5000))] },
  'a length over the limit': { chunks: [Buffer.from([0, 0x7f, 0xff, 0xff, 0xff, 1])] },
  'a time that is long enough': { headers: { 'grpc-timeout': '20S' }, chunks: [whole] },
  'a time that is over': { headers: { 'grpc-timeout': '1n' }, chunks: [whole] },
  'a time that is none': { headers: { 'grpc-timeout': 'soon' }, chunks: [whole] },
  'a type that is not gRPC’s': { headers: { 'content-type': 'application/json' }, chunks: [whole] },
  'a method that is not known': { headers: { ':path': `${inferPath}r` }, chunks: [whole] },
  GET: { headers: { ':method': 'GET' }, chunks: [whole] },
  metadata: { headers: { 'x-a': 'b', 'x-bin': 'AAEC' }, chunks: [whole] },
};

describe('gRPC by either parser', () => {
  const repository = new TemporaryRepository();
  const tests: TestServer[] = [];
  const sessions: ClientHttp2Session[] = [];

  before(async () => {
    repository.add('add', 1, add());
    repository.config('add', 'max_batch_size: 2');
    repository.add('slow', 1, slow(40));
    for (const grpcParser of grpcParsers) {
      const test = await startTestServer(repository.folder, { grpcParser, maxRequestBytes: 4096 });
      tests.push(test);
      sessions.push(connect(`http://${test.grpc}`));
    }
  });
  after(async () => {
    for (const session of sessions) session.close();
    for (const { server } of tests) await server.close();
    repository.remove();
  });

  const both = async (call: RawCall): Promise<readonly RawReply[]> =>
    Promise.all(sessions.map((session) => exchange(session, call)));

  for (const [what, call] of Object.entries(calls)) {
    it(`answers ${what} the same`, async () => {
      const [own, library] = await both(call);
      assert.deepEqual(told(own), told(library));
      // Something was said, whatever it was.
      assert.ok(Object.keys(own?.headers ?? {}).length > 0);
    });
  }

  it('gives the answer', async () => {
    const [own] = await both({ chunks: [whole] });
    const { responseDeserialize } = loadDefinitions().inference.ModelInfer!;
    const answer = responseDeserialize(own!.body.subarray(5)) as {
      readonly raw_output_contents: readonly Buffer[];
    };
    assert.deepEqual(answer.raw_output_contents[0], floats(4, 6));
    assert.equal(own?.trailers?.['grpc-status'], '0');
  });

  it('gives up at the deadline, and on callers that leave', async () => {
    const contents = { fp32_contents: [0.1] };
    const asked = grpcFrame(
      requestSerialize({
        model_name: 'slow',
        inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 1], contents }],
      }),
    );
    const [own, library] = await both({ headers: { 'grpc-timeout': '10m' }, chunks: [asked] });
    assert.equal(own?.headers['grpc-status'], '4');
    assert.deepEqual(told(own), told(library));
    for (const session of sessions) {
      const stream = session.request({
        ':method': 'POST',
        ':path': inferPath,
        'content-type': 'application/grpc',
      });
      stream.on('error', () => undefined);
      stream.end(asked);
      await setTimeout(20);
      stream.close(8);
    }
    // The connection goes on, with nothing left of the calls.
    const [after, same] = await both({ chunks: [whole] });
    assert.equal(after?.trailers?.['grpc-status'], '0');
    assert.deepEqual(told(after), told(same));
  });
});

/** A reply with its message decoded: the same may be written in several ways. */
function told(reply: RawReply | undefined): unknown {
  if (reply === undefined || reply.body.length === 0) return reply;
  const { responseDeserialize } = loadDefinitions().inference.ModelInfer!;
  return { ...reply, body: responseDeserialize(reply.body.subarray(5)) as unknown };
}
