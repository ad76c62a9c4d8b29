import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { steadyOperators } from './steady-operators';

/**
 * What an ONNX file says before it is loaded. Weights in other files are refused: a version is one
 * file, its digest and the check for a changed file see no other.
 *
 * Reads the headers of the file's messages and passes over what they hold, so that the cost does not
 * grow with the weights.
 * Source: onnx.proto3 for the field numbers; Protocol Buffers, "Encoding"; read 2026-11.
 */
type MessageName =
  'Model' | 'Training' | 'Function' | 'Graph' | 'Node' | 'Attribute' | 'SparseTensor' | 'Tensor';

/** Fields that can hold a tensor, at any depth. */
const inner: Readonly<Record<MessageName, Readonly<Record<number, MessageName>>>> = {
  Model: { 7: 'Graph', 20: 'Training', 25: 'Function' },
  Training: { 1: 'Graph', 2: 'Graph' },
  Function: { 7: 'Node', 11: 'Attribute' },
  Graph: { 1: 'Node', 5: 'Tensor', 15: 'SparseTensor' },
  Node: { 5: 'Attribute' },
  Attribute: {
    5: 'Tensor',
    6: 'Graph',
    10: 'Tensor',
    11: 'Graph',
    22: 'SparseTensor',
    23: 'SparseTensor',
  },
  SparseTensor: { 1: 'Tensor', 2: 'Tensor' },
  Tensor: {},
};

/** Of NodeProto: the operator's name. */
const operatorField = 4;

/** What the file says. */
export interface ModelFacts {
  readonly bytes: number;
  /** Whether the time of a run depends on the shapes of its inputs alone, and not on their values. */
  steady: boolean;
}

/** Of TensorProto; 0 where the data stand in the tensor itself. */
const dataLocationField = 14;

const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** As deep as protobuf's own readers go. */
const greatestDepth = 100;

/**
 * @param file - path of an ONNX file
 * @throws Error where it keeps weights in other files, or is no ONNX file
 */
export function readModelFile(file: string): ModelFacts {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const facts: ModelFacts = { bytes: size, steady: true };
    walk(new Reader(descriptor, size), 'Model', size, 0, facts);
    return facts;
  } finally {
    closeSync(descriptor);
  }
}

function walk(
  reader: Reader,
  name: MessageName,
  end: number,
  depth: number,
  facts: ModelFacts,
): void {
  if (depth > greatestDepth) throw notOnnx(`its messages nest more than ${greatestDepth} deep`);
  while (reader.at < end) {
    const key = reader.varint();
    const [field, type] = [Math.floor(key / 8), key % 8];
    if (type === wire.varint) {
      const value = reader.varint();
      if (name === 'Tensor' && field === dataLocationField && value !== 0) throw external();
    } else if (type === wire.bytes) {
      const length = reader.varint();
      const stop = reader.at + length;
      if (stop > end) throw notOnnx(`a field at byte ${reader.at} runs past its message`);
      const held = inner[name][field];
      if (held !== undefined) walk(reader, held, stop, depth + 1, facts);
      else if (name === 'Node' && field === operatorField) {
        if (!steadyOperators.has(reader.text(length))) facts.steady = false;
      } else reader.at = stop;
    } else if (type === wire.fixed64) reader.at += 8;
    else if (type === wire.fixed32) reader.at += 4;
    else throw notOnnx(`byte ${reader.at} holds no protobuf field`);
  }
  if (reader.at > end) throw notOnnx(`a field before byte ${reader.at} runs past its message`);
}

function external(): Error {
  return new Error(
    'the model keeps weights in other files, which neither its digest nor the check for a changed file covers; save it as one file (onnx.save with save_as_external_data=False), which holds 2 GB at most',
  );
}

function notOnnx(why: string): Error {
  return new Error(`the file is not an ONNX model: protobuf cannot be parsed, ${why}`);
}

/** Reads varints of a file through a window, so that passing over bytes does not read them. */
class Reader {
  at = 0;
  private readonly window = Buffer.allocUnsafe(16 * 1024);
  private from = 0;
  private to = 0;

  constructor(
    private readonly descriptor: number,
    private readonly size: number,
  ) {}

  varint(): number {
    let value = 0;
    for (let place = 0; place < 10; place++) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** (7 * place);
      if (byte < 0x80) return value;
    }
    throw notOnnx(`the number at byte ${this.at} does not end`);
  }

  /** The beginning of a text of so many bytes, as far as any operator's name goes. */
  text(length: number): string {
    const end = this.at + length;
    let text = '';
    while (this.at < end && text.length < 64) text += String.fromCharCode(this.byte());
    this.at = end;
    return text;
  }

  private byte(): number {
    if (this.at < this.from || this.at >= this.to) this.fill();
    const byte = this.window[this.at - this.from];
    if (byte === undefined) throw notOnnx('it is cut short');
    this.at++;
    return byte;
  }

  private fill(): void {
    if (this.at >= this.size) throw notOnnx('it is cut short');
    this.from = this.at;
    this.to = this.at + readSync(this.descriptor, this.window, 0, this.window.length, this.at);
    if (this.to === this.from) throw notOnnx('it is cut short');
  }
}
