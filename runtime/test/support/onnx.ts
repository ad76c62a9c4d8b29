import { Root } from 'protobufjs';
import type { Datatype } from '@manara/contract';

/** The part of ONNX's file format that the test models need. Source: onnx.proto3, read 2026-11. */
const root = Root.fromJSON({
  nested: {
    ModelProto: {
      fields: {
        irVersion: { type: 'int64', id: 1 },
        graph: { type: 'GraphProto', id: 7 },
        opsetImport: { rule: 'repeated', type: 'OperatorSetIdProto', id: 8 },
      },
    },
    OperatorSetIdProto: {
      fields: { domain: { type: 'string', id: 1 }, version: { type: 'int64', id: 2 } },
    },
    GraphProto: {
      fields: {
        node: { rule: 'repeated', type: 'NodeProto', id: 1 },
        name: { type: 'string', id: 2 },
        initializer: { rule: 'repeated', type: 'TensorProto', id: 5 },
        input: { rule: 'repeated', type: 'ValueInfoProto', id: 11 },
        output: { rule: 'repeated', type: 'ValueInfoProto', id: 12 },
      },
    },
    NodeProto: {
      fields: {
        input: { rule: 'repeated', type: 'string', id: 1 },
        output: { rule: 'repeated', type: 'string', id: 2 },
        opType: { type: 'string', id: 4 },
      },
    },
    TensorProto: {
      fields: {
        dims: { rule: 'repeated', type: 'int64', id: 1 },
        dataType: { type: 'int32', id: 2 },
        name: { type: 'string', id: 8 },
        rawData: { type: 'bytes', id: 9 },
        externalData: { rule: 'repeated', type: 'EntryProto', id: 13 },
        dataLocation: { type: 'int32', id: 14 },
      },
    },
    EntryProto: { fields: { key: { type: 'string', id: 1 }, value: { type: 'string', id: 2 } } },
    ValueInfoProto: {
      fields: { name: { type: 'string', id: 1 }, type: { type: 'TypeProto', id: 2 } },
    },
    TypeProto: { fields: { tensorType: { type: 'TensorType', id: 1 } } },
    TensorType: {
      fields: { elemType: { type: 'int32', id: 1 }, shape: { type: 'ShapeProto', id: 2 } },
    },
    ShapeProto: { fields: { dim: { rule: 'repeated', type: 'Dimension', id: 1 } } },
    Dimension: {
      fields: { dimValue: { type: 'int64', id: 1 }, dimParam: { type: 'string', id: 2 } },
    },
  },
});

const elementType: Readonly<Record<Datatype, number>> = {
  FP32: 1,
  UINT8: 2,
  INT8: 3,
  UINT16: 4,
  INT16: 5,
  INT32: 6,
  INT64: 7,
  BYTES: 8,
  BOOL: 9,
  FP16: 10,
  FP64: 11,
  UINT32: 12,
  UINT64: 13,
};

/** A graph's input or output; a name among the dimensions is a symbol. */
export interface Value {
  readonly name: string;
  readonly datatype: Datatype;
  readonly dims: readonly (number | string)[];
}

export interface Node {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

export interface Weights {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: Float32Array | BigInt64Array;
  /** File that holds the data instead of the model. @default - none */
  readonly location?: string;
}

export interface Graph {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly nodes: readonly Node[];
  readonly weights?: readonly Weights[];
  /** @default 8; below 4, weights stand among the inputs */
  readonly irVersion?: number;
}

/** Bytes of an ONNX file. */
export function onnxFile(graph: Graph): Uint8Array {
  const { inputs, outputs, nodes, weights = [], irVersion = 8 } = graph;
  const type = root.lookupType('ModelProto');
  const model = type.fromObject({
    irVersion,
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'test',
      node: nodes.map(({ op, inputs: input, outputs: output }) => ({ opType: op, input, output })),
      initializer: weights.map(({ name, dims, data, location }) => ({
        name,
        dims,
        dataType: elementType[data instanceof Float32Array ? 'FP32' : 'INT64'],
        ...(location === undefined
          ? { rawData: Buffer.from(data.buffer, data.byteOffset, data.byteLength) }
          : { externalData: [{ key: 'location', value: location }], dataLocation: 1 }),
      })),
      input: inputs.map(valueInfo),
      output: outputs.map(valueInfo),
    },
  });
  return type.encode(model).finish();
}

function valueInfo({ name, datatype, dims }: Value): object {
  const dim = dims.map((size) =>
    typeof size === 'number' ? { dimValue: size } : { dimParam: size },
  );
  return { name, type: { tensorType: { elemType: elementType[datatype], shape: { dim } } } };
}
