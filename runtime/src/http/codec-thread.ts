import { parentPort } from 'node:worker_threads';
import { transferable } from '../engine/messages';
import { ServingError } from '../errors';
import { encodeJson, greatestJsonLength } from '../protocol/encode';
import type { Tensor } from '../protocol/tensor';
import type { CodecReply, CodecTask } from './codec-messages';
import { readInferRequest } from './infer-request';
import { checkStructure } from './json-structure';
import { detailOf } from '../thrown';

/** A thread that reads and writes large JSON, which would hold up every other request. */
if (parentPort === null) throw new Error('codec-thread runs as a worker thread only');
const port = parentPort;

port.on('message', (task: CodecTask) => {
  let reply: CodecReply;
  try {
    reply = perform(task);
  } catch (thrown) {
    port.postMessage(failure(thrown));
    return;
  }
  port.postMessage(
    reply,
    reply.kind === 'request'
      ? transferable(reply.request.inputs)
      : reply.texts.map(({ buffer }) => buffer),
  );
});

function perform(task: CodecTask): Exclude<CodecReply, { kind: 'failure' }> {
  if (task.kind === 'write') {
    return { kind: 'texts', texts: task.outputs.map(encodeInChunks) };
  }
  const { buffer, byteOffset, byteLength } = task.body;
  const body = Buffer.from(buffer, byteOffset, byteLength);
  checkStructure(body.subarray(0, task.jsonLength));
  return { kind: 'request', request: readInferRequest(task.signature, body, task.jsonLength) };
}

/** Elements that are made text of at once. All at once they would take many times the text's memory. */
const chunkSize = 16_384;

function encodeInChunks(tensor: Tensor): Uint8Array<ArrayBuffer> {
  const { data } = tensor;
  const out = Buffer.allocUnsafeSlow(greatestJsonLength(tensor) + 2);
  let end = out.write('[');
  for (let at = 0; at < data.length; at += chunkSize) {
    const chunk = encodeJson({ ...tensor, data: data.slice(at, at + chunkSize) });
    end += out.write(`${at === 0 ? '' : ','}${chunk.slice(1, -1)}`, end);
  }
  end += out.write(']', end);
  return out.subarray(0, end);
}

/** Only messages and plain fields survive the way between threads, not classes. */
function failure(thrown: unknown): CodecReply {
  if (thrown instanceof ServingError) {
    const { code, httpStatus, grpcStatus, message } = thrown;
    return { kind: 'failure', refused: { code, httpStatus, grpcStatus }, message };
  }
  return { kind: 'failure', message: detailOf(thrown) };
}
