import { headers, path, routes } from '@manara/contract';
import {
  type FloatTensor,
  floatsOf,
  bytesOf,
  type InferenceClient,
  type Question,
} from './inference';

interface ResponseTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data?: readonly number[];
  readonly parameters?: { readonly binary_data_size?: number };
}

interface InferResponse {
  readonly outputs: readonly ResponseTensor[];
}

/** REST with tensors as JSON numbers. */
export function restJson(address: string): InferenceClient {
  return {
    protocol: 'REST JSON',
    async ask(question) {
      const { inputName, input, outputName } = question;
      const data = Array.from(input.data);
      const response = await post(address, question, 'application/json', {}, [
        Buffer.from(
          JSON.stringify({
            inputs: [{ name: inputName, datatype: 'FP32', shape: input.shape, data }],
            outputs: [{ name: outputName }],
          }),
        ),
      ]);
      const output = outputOf((await response.json()) as InferResponse, outputName);
      return { shape: output.shape, data: Float32Array.from(output.data ?? []) };
    },
  };
}

/** REST with tensors as bytes behind the JSON: the protocol's binary tensor extension. */
export function restBinary(address: string): InferenceClient {
  return {
    protocol: 'REST binary',
    async ask(question) {
      const { inputName, input, outputName } = question;
      const bytes = bytesOf(input.data);
      const parameters = { binary_data_size: bytes.byteLength };
      const json = Buffer.from(
        JSON.stringify({
          inputs: [{ name: inputName, datatype: 'FP32', shape: input.shape, parameters }],
          outputs: [{ name: outputName, parameters: { binary_data: true } }],
        }),
      );
      const response = await post(
        address,
        question,
        'application/octet-stream',
        { [headers.inferenceHeaderContentLength]: String(json.byteLength) },
        [json, bytes],
      );
      return binaryOutput(response, outputName);
    },
  };
}

async function post(
  address: string,
  { model, version }: Question,
  contentType: string,
  more: Readonly<Record<string, string>>,
  parts: readonly Uint8Array[],
): Promise<Response> {
  const url = `http://${address}${path(routes.modelVersionInfer, { model, version })}`;
  const response = await fetch(url, {
    method: routes.modelVersionInfer.method,
    headers: { 'content-type': contentType, ...more },
    body: Buffer.concat(parts),
  });
  if (!response.ok) throw new Error(`HTTP ${response.status}: ${await response.text()}`);
  return response;
}

async function binaryOutput(response: Response, name: string): Promise<FloatTensor> {
  const body = Buffer.from(await response.arrayBuffer());
  const jsonLength = Number(response.headers.get(headers.inferenceHeaderContentLength));
  const json = body.subarray(0, jsonLength).toString('utf8');
  const output = outputOf(JSON.parse(json) as InferResponse, name);
  const size = output.parameters?.binary_data_size ?? 0;
  return { shape: output.shape, data: floatsOf(body.subarray(jsonLength, jsonLength + size)) };
}

function outputOf({ outputs }: InferResponse, name: string): ResponseTensor {
  const output = outputs.find((candidate) => candidate.name === name);
  if (output === undefined) throw new Error(`the answer holds no output "${name}"`);
  return output;
}
