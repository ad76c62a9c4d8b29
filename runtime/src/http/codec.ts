import { join } from 'node:path';
import type { LeaveSignal } from '../call';
import { transferable } from '../engine/messages';
import { errors, ServingError } from '../errors';
import { greatestJsonLength } from '../protocol/encode';
import type { InferResponse, Tensor } from '../protocol/tensor';
import type { RequestSignature } from '../protocol/validate';
import type { CodecReply, CodecTask } from './codec-messages';
import { encodeReply, type InferReply, type ReplyForm } from './infer-reply';
import { type HttpInferRequest, readInferRequest } from './infer-request';
import { TaskThread } from './task-thread';

/**
 * Bytes of JSON that are read, and characters that are written, on the I/O thread: no more than
 * 10 ms each, whatever they are (Node.js 20: brackets only 9.8 ms, objects 3.2, numbers 1.6).
 */
const inlineLength = 256 * 1024;

/** Characters of JSON that an answer may come to: five million numbers. */
const maxReplyLength = 128 * 1024 * 1024;

/** Reads and writes the bodies of inferences: small ones at once, large ones in a thread apart. */
export class BodyCodec {
  private readonly thread = new TaskThread<CodecTask, CodecReply>(
    join(__dirname, 'codec-thread.js'),
  );

  /**
   * @param body - memory of its own: it may move to the other thread.
   * @param jsonLength - bytes of JSON, at its beginning.
   * @throws ServingError
   */
  read(
    signature: RequestSignature,
    body: Buffer<ArrayBuffer>,
    jsonLength: number,
    callerLeft: LeaveSignal,
  ): HttpInferRequest | Promise<HttpInferRequest> {
    const hasStrings = signature.inputs.some(({ datatype }) => datatype === 'BYTES');
    // Other binary tensors are used in place, whatever their size.
    const work = hasStrings ? body.byteLength : jsonLength;
    if (work <= inlineLength) return readInferRequest(signature, body, jsonLength);
    return this.readApart({ kind: 'read', signature, body, jsonLength }, callerLeft);
  }

  /** @throws ServingError OUTPUT_NOT_JSON or OUTPUT_TOO_LARGE. */
  write(
    response: InferResponse,
    request: ReplyForm,
    callerLeft: LeaveSignal,
  ): InferReply | Promise<InferReply> {
    let length = 0;
    for (const output of response.outputs) {
      if (!request.binary.has(output.name)) length += greatestJsonLength(output);
    }
    if (length > maxReplyLength) {
      const advice = 'ask for binary data ("binary_data_output": true), or for fewer rows';
      throw errors.outputTooLarge('JSON', `${maxReplyLength} characters`, advice);
    }
    if (length <= inlineLength) return encodeReply(response, request);
    return this.writeApart(response, request, callerLeft);
  }

  async close(): Promise<void> {
    await this.thread.close();
  }

  private async readApart(
    task: Extract<CodecTask, { kind: 'read' }>,
    callerLeft: LeaveSignal,
  ): Promise<HttpInferRequest> {
    const reply = await this.perform(task, [task.body.buffer], callerLeft);
    if (reply.kind !== 'request') throw new Error(`codec thread answered ${reply.kind} to read`);
    return reply.request;
  }

  private async writeApart(
    response: InferResponse,
    request: ReplyForm,
    callerLeft: LeaveSignal,
  ): Promise<InferReply> {
    const outputs = response.outputs.filter(({ name }) => !request.binary.has(name)).map(ownMemory);
    const binary = response.outputs.filter(({ name }) => request.binary.has(name));
    // Outputs may share memory, and what goes out as it is must stay here.
    const kept = new Set(transferable(binary));
    const transfer = transferable(outputs).filter((buffer) => !kept.has(buffer));
    const task = { kind: 'write', outputs } as const;
    const reply = await this.perform(task, transfer, callerLeft);
    if (reply.kind !== 'texts') throw new Error(`codec thread answered ${reply.kind} to write`);
    const texts = new Map(outputs.map(({ name }, i) => [name, reply.texts[i] ?? '']));
    return encodeReply(response, request, ({ name }) => texts.get(name) ?? '');
  }

  private async perform(
    task: CodecTask,
    transfer: readonly ArrayBuffer[],
    callerLeft: LeaveSignal,
  ): Promise<Exclude<CodecReply, { kind: 'failure' }>> {
    const reply = await this.thread.run(task, transfer, callerLeft);
    if (reply.kind !== 'failure') return reply;
    const { refused, message } = reply;
    if (refused === undefined) throw new Error(message);
    throw new ServingError(refused.code, refused.httpStatus, refused.grpcStatus, message);
  }
}

/** Memory that a batch's requests share must not move away with one of them. */
function ownMemory(tensor: Tensor): Tensor {
  const { data } = tensor;
  if (Array.isArray(data) || data.byteLength === data.buffer.byteLength) return tensor;
  return { ...tensor, data: data.slice() };
}
