import { createHash } from 'node:crypto';
import type { Datatype } from '@manara/contract';
import { decodeBinary } from '../protocol/decode-binary';
import { encodeBinary } from '../protocol/encode';
import { elementCount, type Tensor } from '../protocol/tensor';

/** First byte of a frame, so that another form can follow this one. */
const formVersion = 1;

const etagBytes = 16;

/** An answer as it is kept. */
export interface KeptAnswer {
  /** Milliseconds since the epoch. */
  readonly storedAt: number;
  /** Of the outputs, whenever they were computed. */
  readonly etag: string;
  readonly outputs: readonly Tensor[];
}

/**
 * An answer as bytes: form, time (float64), ETag, then each output's name, datatype, shape and elements,
 * little-endian, each after its length. It is a copy: what becomes of the tensors does not change it.
 *
 * @param origin - what tells equal outputs of different versions apart.
 */
export function encodeFrame(outputs: readonly Tensor[], origin: string, storedAt: number): Buffer {
  const parts: Buffer[] = [uint32(outputs.length)];
  for (const output of outputs) {
    const shape = Buffer.alloc(8 * output.shape.length);
    for (const [i, size] of output.shape.entries()) shape.writeDoubleLE(size, 8 * i);
    const { name, datatype } = output;
    for (const part of [Buffer.from(name), Buffer.from(datatype), shape, encodeBinary(output)]) {
      parts.push(uint32(part.byteLength), part);
    }
  }
  const hash = createHash('sha256').update(`${origin}\n`);
  for (const part of parts) hash.update(part);
  const head = Buffer.alloc(9);
  head.writeUInt8(formVersion);
  head.writeDoubleLE(storedAt, 1);
  return Buffer.concat([head, hash.digest().subarray(0, etagBytes), ...parts]);
}

/** The time and ETag of a frame. @returns `undefined` where the form is not this one */
export function frameHead(frame: Buffer): Omit<KeptAnswer, 'outputs'> | undefined {
  if (frame[0] !== formVersion) return undefined;
  const etag = frame.subarray(9, 9 + etagBytes).toString('base64url');
  return { storedAt: frame.readDoubleLE(1), etag: `W/"${etag}"` };
}

/** The outputs in a frame, in memory of their own: whoever gets them may hand it on. */
export function frameOutputs(frame: Buffer): readonly Tensor[] {
  let at = 9 + etagBytes;
  const count = frame.readUInt32LE(at);
  at += 4;
  const next = (): Buffer => {
    const length = frame.readUInt32LE(at);
    at += 4 + length;
    return frame.subarray(at - length, at);
  };
  return Array.from({ length: count }, (): Tensor => {
    const name = next().toString();
    const datatype = next().toString() as Datatype;
    const sizes = next();
    const shape = Array.from({ length: sizes.byteLength / 8 }, (_, i) => sizes.readDoubleLE(8 * i));
    const elements = new Uint8Array(next());
    return {
      name,
      datatype,
      shape,
      data: decodeBinary(name, datatype, elementCount(shape) ?? 0, elements),
    };
  });
}

function uint32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
