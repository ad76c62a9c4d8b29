import type { InferOutput, ModelInferResponse } from '../messages';
import { framed } from './frame';

/**
 * Writes an answer of raw tensors without parameters, framed for gRPC, in one piece.
 *
 * @returns `undefined` for every other answer, which protobufjs writes.
 */
export function writePlainAnswer(answer: ModelInferResponse): Buffer | undefined {
  const { outputs, raw_output_contents: raw } = answer;
  if (answer.parameters !== undefined) return undefined;
  if (outputs.some(({ contents }) => contents !== undefined)) return undefined;
  const outputSizes = outputs.map(sizeOfOutput);
  let size =
    sizeOfText(answer.model_name) + sizeOfText(answer.model_version) + sizeOfText(answer.id);
  for (const length of outputSizes) size += sizeOfPart(length);
  for (const { length } of raw) size += sizeOfPart(length);
  const writer = new Writer(framed(size));
  writer.text(1, answer.model_name);
  writer.text(2, answer.model_version);
  writer.text(3, answer.id);
  outputs.forEach((output, i) => {
    writer.begin(5, outputSizes[i] ?? 0);
    writeOutput(writer, output);
  });
  for (const bytes of raw) {
    writer.begin(6, bytes.length);
    writer.bytes(bytes);
  }
  return writer.written;
}

function sizeOfOutput({ name, datatype, shape }: InferOutput): number {
  return sizeOfText(name) + sizeOfText(datatype) + sizeOfShape(shape);
}

function writeOutput(writer: Writer, { name, datatype, shape }: InferOutput): void {
  writer.text(1, name);
  writer.text(2, datatype);
  if (shape.length === 0) return;
  writer.begin(3, sizeOfSizes(shape));
  for (const size of shape) writer.varint(size);
}

function sizeOfShape(shape: readonly number[]): number {
  return shape.length === 0 ? 0 : sizeOfPart(sizeOfSizes(shape));
}

function sizeOfSizes(shape: readonly number[]): number {
  let sum = 0;
  for (const size of shape) sum += sizeOfVarint(size);
  return sum;
}

/** An empty text is the default, and left out. */
function sizeOfText(text: string): number {
  return text === '' ? 0 : sizeOfPart(Buffer.byteLength(text));
}

/** Of a field with so many bytes: one byte says which it is, as all have numbers below 16. */
function sizeOfPart(length: number): number {
  return 1 + sizeOfVarint(length) + length;
}

function sizeOfVarint(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size++;
  return size;
}

/** Writes into a buffer that is as long as what will be written. */
class Writer {
  private at: number;

  constructor({ buffer, at }: ReturnType<typeof framed>) {
    this.written = buffer;
    this.at = at;
  }

  readonly written: Buffer;

  begin(field: number, length: number): void {
    this.written[this.at++] = (field << 3) | 2;
    this.varint(length);
  }

  text(field: number, text: string): void {
    if (text === '') return;
    this.begin(field, Buffer.byteLength(text));
    this.at += this.written.write(text, this.at, 'utf8');
  }

  bytes(bytes: Uint8Array): void {
    this.written.set(bytes, this.at);
    this.at += bytes.length;
  }

  varint(value: number): void {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.written[this.at++] = (rest % 128) | 128;
    this.written[this.at++] = rest;
  }
}
