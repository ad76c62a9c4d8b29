import { encodeBinary, encodeJson } from '../protocol/encode';
import type { InferResponse, Tensor } from '../protocol/tensor';
import type { HttpInferRequest } from './infer-request';

/** What of a request decides how it is answered. */
export type ReplyForm = Pick<HttpInferRequest, 'id' | 'binary'>;

export interface InferReply {
  /** JSON, then the binary tensors if there are any. */
  readonly parts: readonly (string | Uint8Array)[];
  /** Bytes of the JSON part where binary tensors follow it. */
  readonly jsonLength: number | undefined;
}

/**
 * Writes an answer, each output as JSON or as binary data as the request asked.
 *
 * @param jsonOf - the elements of an output as JSON.
 */
export function encodeReply(
  { model, version, outputs, parameters }: InferResponse,
  { id, binary }: ReplyForm,
  jsonOf: (output: Tensor) => string | Uint8Array = encodeJson,
): InferReply {
  const idField = id === undefined ? '' : `"id":${JSON.stringify(id)},`;
  const parametersField =
    parameters === undefined ? '' : `"parameters":${JSON.stringify(parameters)},`;
  const json: (string | Uint8Array)[] = [];
  const tensors: Buffer[] = [];
  let text = `{"model_name":${JSON.stringify(model)},"model_version":"${version}",${idField}${parametersField}"outputs":[`;
  for (const [i, output] of outputs.entries()) {
    const { name, datatype, shape } = output;
    text += `${i === 0 ? '' : ','}{"name":${JSON.stringify(name)},"datatype":"${datatype}","shape":[${shape.join(',')}],`;
    if (binary.has(name)) {
      const bytes = encodeBinary(output);
      tensors.push(bytes);
      text += `"parameters":{"binary_data_size":${bytes.byteLength}}}`;
    } else {
      const data = jsonOf(output);
      text += '"data":';
      if (typeof data === 'string') {
        text += data;
      } else {
        json.push(text, data);
        text = '';
      }
      text += '}';
    }
  }
  json.push(`${text}]}`);
  if (tensors.length === 0) return { parts: json, jsonLength: undefined };
  const jsonLength = json.reduce((sum, part) => sum + Buffer.byteLength(part), 0);
  return { parts: [...json, ...tensors], jsonLength };
}
