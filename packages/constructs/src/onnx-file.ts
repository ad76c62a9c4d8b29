import {
  type Datatype,
  datatypeOfOnnx,
  type ModelSignature,
  type TensorSignature,
} from '@manara/contract';
import { parse } from 'protobufjs';
import { ConstructError } from './construct-error';

/**
 * The part of ONNX's ModelProto that says what a model takes and gives. Field numbers are those of
 * onnx.proto3 (read 2026-11); everything else in the file, weights included, is skipped unread.
 */
const schema = parse(`
  syntax = "proto3";
  message Model { Graph graph = 7; }
  message Graph { repeated Initializer initializer = 5; repeated Value input = 11; repeated Value output = 12; }
  message Initializer { string name = 8; int32 data_location = 14; }
  message Value { string name = 1; Type type = 2; }
  message Type { Tensor tensor_type = 1; }
  message Tensor { int32 elem_type = 1; Shape shape = 2; }
  message Shape { repeated Dimension dim = 1; }
  message Dimension { oneof value { int64 dim_value = 1; string dim_param = 2; } }
`).root.lookupType('Model');

interface OnnxModel {
  readonly graph?: {
    readonly initializer?: readonly { readonly name?: string; readonly dataLocation?: number }[];
    readonly input?: readonly OnnxValue[];
    readonly output?: readonly OnnxValue[];
  };
}

interface OnnxValue {
  readonly name?: string;
  readonly type?: {
    readonly tensorType?: {
      readonly elemType?: number;
      readonly shape?: { readonly dim?: readonly { readonly dimValue?: number }[] };
    };
  };
}

/** `TensorProto.DataLocation.EXTERNAL` */
const externalData = 1;

/**
 * Reads a model's tensor signature from the bytes of an ONNX file.
 *
 * @throws ConstructError MANARA_MODEL_FILE for bytes that are no ONNX model, weights kept in other
 * files, and inputs or outputs that are no tensors of a type that can be served
 */
export function readOnnxSignature(file: string, bytes: Uint8Array): ModelSignature {
  const refuse = (message: string): never => {
    throw new ConstructError('MANARA_MODEL_FILE', 'ModelArtifact', `file: "${file}": ${message}`);
  };
  const graph = decode(bytes)?.graph;
  if (graph?.output === undefined || graph.output.length === 0) {
    return refuse(
      'expected an ONNX model, received a file without a graph and outputs; export the model to ONNX again',
    );
  }
  const initializers = graph.initializer ?? [];
  if (initializers.some((i) => i.dataLocation === externalData)) {
    refuse(
      'keeps its weights in other files; save it as one file (onnx.save with save_as_external_data=False), which holds 2 GB at most',
    );
  }
  // Old exporters list weights among the inputs, too.
  const weights = new Set(initializers.map((i) => i.name));
  const tensor = (value: OnnxValue): TensorSignature => {
    const name = value.name ?? '';
    const type = value.type?.tensorType;
    if (type === undefined)
      return refuse(`"${name}" is a sequence or a map; only tensors are served`);
    return {
      name,
      datatype:
        datatypeOf(type.elemType ?? 0) ??
        refuse(`"${name}" has ONNX element type ${type.elemType ?? 0}, which is not served`),
      shape: shapeOf(type),
    };
  };
  return {
    inputs: (graph.input ?? []).filter((i) => !weights.has(i.name)).map(tensor),
    outputs: graph.output.map(tensor),
  };
}

function decode(bytes: Uint8Array): OnnxModel | undefined {
  try {
    return schema.toObject(schema.decode(bytes), { longs: Number });
  } catch {
    // Whatever protobuf finds wrong says less to the user than that this is no ONNX file.
    return undefined;
  }
}

function datatypeOf(elementType: number): Datatype | undefined {
  return datatypeOfOnnx(elementType);
}

type TensorType = NonNullable<NonNullable<OnnxValue['type']>['tensorType']>;

/** Dimensions, `-1` where symbolic; a tensor without a declared shape counts as one varying dimension. */
function shapeOf(type: TensorType): readonly number[] {
  if (type.shape === undefined) return [-1];
  return (type.shape.dim ?? []).map((dim) => dim.dimValue ?? -1);
}
