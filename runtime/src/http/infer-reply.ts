import { encodeBinary, encodeJson } from '../protocol/encode';
import type { InferResponse } from '../protocol/tensor';
import type { HttpInferRequest } from './infer-request';

export interface InferReply {
  /** JSON, then the binary tensors if there are any. */
  readonly parts: readonly (string | Buffer)[];
  /** Bytes of the JSON part where binary tensors follow it. */
  readonly jsonLength: number | undefined;
}

/** Writes an answer, each output as JSON or as binary data as the request asked. */
export function encodeReply(response: InferResponse, asked: HttpInferRequest): InferReply {
  const binary: Buffer[] = [];
  const outputs = response.outputs.map((tensor) => {
    const { name, datatype, shape } = tensor;
    const head = `{"name":${JSON.stringify(name)},"datatype":"${datatype}","shape":[${shape.join(',')}],`;
    if (!asked.isBinary(name)) return `${head}"data":${encodeJson(tensor)}}`;
    const bytes = encodeBinary(tensor);
    binary.push(bytes);
    return `${head}"parameters":{"binary_data_size":${bytes.byteLength}}}`;
  });
  const id = asked.id === undefined ? '' : `"id":${JSON.stringify(asked.id)},`;
  const json = `{"model_name":${JSON.stringify(response.model)},"model_version":"${response.version}",${id}"outputs":[${outputs.join(',')}]}`;
  if (binary.length === 0) return { parts: [json], jsonLength: undefined };
  return { parts: [json, ...binary], jsonLength: Buffer.byteLength(json) };
}
