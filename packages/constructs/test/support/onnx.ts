import { parse } from 'protobufjs';

/** ONNX's ModelProto as far as the tests write it; field numbers are those of onnx.proto3. */
const model = parse(`
  syntax = "proto3";
  message Model { int64 ir_version = 1; Graph graph = 7; }
  message Graph { repeated Initializer initializer = 5; repeated Value input = 11; repeated Value output = 12; }
  message Initializer { string name = 8; int32 data_location = 14; }
  message Value { string name = 1; Type type = 2; }
  message Type { oneof value { Tensor tensor_type = 1; Sequence sequence_type = 4; } }
  message Sequence { Type elem_type = 1; }
  message Tensor { int32 elem_type = 1; Shape shape = 2; }
  message Shape { repeated Dimension dim = 1; }
  message Dimension { oneof value { int64 dim_value = 1; string dim_param = 2; } }
`).root.lookupType('Model');

export interface OnnxGraph {
  readonly initializer?: readonly { readonly name: string; readonly dataLocation?: number }[];
  readonly input?: readonly object[];
  readonly output?: readonly object[];
}

/** Bytes of a model with this graph. */
export function onnxBytes(graph: OnnxGraph): Uint8Array {
  return model.encode(model.fromObject({ irVersion: 9, graph })).finish();
}

/** A tensor; a number is a fixed dimension, a text a named one, and no shape leaves the rank open. */
export function tensor(
  name: string,
  elemType: number,
  shape?: readonly (number | string)[],
): object {
  const dim = shape?.map((d) => (typeof d === 'number' ? { dimValue: d } : { dimParam: d }));
  return {
    name,
    type: { tensorType: { elemType, ...(dim === undefined ? {} : { shape: { dim } }) } },
  };
}

export function sequence(name: string): object {
  return { name, type: { sequenceType: { elemType: { tensorType: { elemType: 1 } } } } };
}
