import type { ModelInferRequest } from '../messages';

/** Field numbers and wire types of `grpc_service.proto`, as they stand on the wire. */
const tag = {
  modelName: (1 << 3) | 2,
  modelVersion: (2 << 3) | 2,
  id: (3 << 3) | 2,
  inputs: (5 << 3) | 2,
  outputs: (6 << 3) | 2,
  rawInputContents: (7 << 3) | 2,
  /** Of an input, or of an output that is asked for. */
  name: (1 << 3) | 2,
  datatype: (2 << 3) | 2,
  shape: (3 << 3) | 0,
  packedShape: (3 << 3) | 2,
} as const;

/** What a message may say beside its tensors: more is weighed before anything is made of it. */
const maxBytesBesideTensors = 16 * 1024;

/** Says that a message is not plain, or not well-formed: protobufjs is to read it, and to say what is wrong. */
const notPlain = new Error('not plain');

/**
 * Reads a request whose tensors are raw and that has no parameters straight off the wire: a third of what it
 * takes by way of the objects that protobufjs makes of any message.
 *
 * @returns `undefined` for every other message.
 */
export function readPlainMessage(bytes: Buffer): ModelInferRequest | undefined {
  try {
    return readRequest(new Reader(bytes, 0, bytes.length));
  } catch (thrown) {
    if (thrown === notPlain) return undefined;
    throw thrown;
  }
}

function readRequest(reader: Reader): ModelInferRequest {
  let [modelName, modelVersion, id] = ['', '', ''];
  const inputs: ModelInferRequest['inputs'][number][] = [];
  const outputs: ModelInferRequest['outputs'][number][] = [];
  const raw: Buffer[] = [];
  let rawBytes = 0;
  while (!reader.isAtEnd) {
    if (reader.offset - rawBytes > maxBytesBesideTensors) throw notPlain;
    switch (reader.varint()) {
      case tag.modelName:
        modelName = reader.text();
        break;
      case tag.modelVersion:
        modelVersion = reader.text();
        break;
      case tag.id:
        id = reader.text();
        break;
      case tag.inputs:
        inputs.push(readInput(reader.message()));
        break;
      case tag.outputs:
        outputs.push(readOutput(reader.message()));
        break;
      case tag.rawInputContents:
        raw.push(reader.bytes());
        rawBytes += raw.at(-1)?.length ?? 0;
        break;
      default:
        throw notPlain;
    }
  }
  return {
    model_name: modelName,
    model_version: modelVersion,
    id,
    parameters: none,
    inputs,
    outputs,
    raw_input_contents: raw,
  };
}

const none = Object.freeze({});

function readInput(reader: Reader): ModelInferRequest['inputs'][number] {
  let [name, datatype] = ['', ''];
  const shape: number[] = [];
  while (!reader.isAtEnd) {
    switch (reader.varint()) {
      case tag.name:
        name = reader.text();
        break;
      case tag.datatype:
        datatype = reader.text();
        break;
      case tag.shape:
        shape.push(reader.varint());
        break;
      case tag.packedShape:
        for (const sizes = reader.message(); !sizes.isAtEnd;) shape.push(sizes.varint());
        break;
      default:
        throw notPlain;
    }
  }
  return { name, datatype, shape, parameters: none, contents: null };
}

function readOutput(reader: Reader): ModelInferRequest['outputs'][number] {
  let name = '';
  while (!reader.isAtEnd) {
    if (reader.varint() !== tag.name) throw notPlain;
    name = reader.text();
  }
  return { name, parameters: none };
}

/** Reads a part of a message. Every method throws `notPlain` where there is not enough of it. */
class Reader {
  constructor(
    private readonly from: Buffer,
    private at: number,
    private readonly end: number,
  ) {}

  /** Of what is to be read next. */
  get offset(): number {
    return this.at;
  }

  get isAtEnd(): boolean {
    return this.at >= this.end;
  }

  /** Of at most 28 bits: a longer tensor, and a greater size of a shape, are not plain. */
  varint(): number {
    const { from, end } = this;
    let value = 0;
    for (let shift = 0; shift < 28 && this.at < end; shift += 7) {
      const byte = from[this.at++] ?? 0;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw notPlain;
  }

  text(): string {
    const length = this.length();
    const { at } = this;
    this.at += length;
    return length === 0 ? '' : this.from.toString('utf8', at, this.at);
  }

  bytes(): Buffer {
    const length = this.length();
    this.at += length;
    return this.from.subarray(this.at - length, this.at);
  }

  message(): Reader {
    const length = this.length();
    this.at += length;
    return new Reader(this.from, this.at - length, this.at);
  }

  private length(): number {
    const length = this.varint();
    if (length > this.end - this.at) throw notPlain;
    return length;
  }
}
