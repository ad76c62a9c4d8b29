import assert from 'node:assert/strict';
import { headers, path, routes } from '@manara/contract';
import { floatsOf, hexOf, type HexTensor, type InferenceRequest } from '../support/inference';

interface JsonOutput {
  readonly name: string;
  readonly datatype: HexTensor['datatype'];
  readonly shape: readonly number[];
  readonly data?: readonly number[];
  readonly parameters?: { readonly binary_data_size?: number };
}

interface JsonReply {
  readonly model_name: string;
  readonly model_version: string;
  readonly outputs: readonly JsonOutput[];
}

/** Infers with tensors as JSON numbers, in both directions. */
export async function restJson(
  http: string,
  request: InferenceRequest,
): Promise<readonly HexTensor[]> {
  const inputs = request.inputs.map(({ name, datatype, shape, hex }) => {
    return { name, datatype, shape, data: Array.from(floatsOf(hex)) };
  });
  const outputs = request.outputs.map((name) => ({ name }));
  const response = await post(http, request, JSON.stringify({ inputs, outputs }), {
    'content-type': 'application/json',
  });
  const reply = check(request, (await response.json()) as JsonReply);
  return reply.outputs.map(({ name, datatype, shape, data = [] }) => {
    return { name, datatype, shape, hex: hexOf(typed(datatype, data)) };
  });
}

/** Infers with tensors as bytes behind the JSON, in both directions. */
export async function restBinary(
  http: string,
  request: InferenceRequest,
): Promise<readonly HexTensor[]> {
  const tensors = request.inputs.map(({ hex }) => Buffer.from(hex, 'hex'));
  const inputs = request.inputs.map(({ name, datatype, shape }, index) => {
    return { name, datatype, shape, parameters: { binary_data_size: tensors[index]!.length } };
  });
  const outputs = request.outputs.map((name) => ({ name, parameters: { binary_data: true } }));
  const json = Buffer.from(JSON.stringify({ inputs, outputs }));
  const response = await post(http, request, Buffer.concat([json, ...tensors]), {
    'content-type': 'application/octet-stream',
    [headers.inferenceHeaderContentLength]: String(json.length),
  });
  const body = Buffer.from(await response.arrayBuffer());
  let offset = Number(response.headers.get(headers.inferenceHeaderContentLength));
  const head = body.subarray(0, offset).toString('utf8');
  const reply = check(request, JSON.parse(head) as JsonReply);
  const answers = reply.outputs.map(({ name, datatype, shape, parameters }) => {
    const size = parameters?.binary_data_size ?? assert.fail(`${name} came without its size`);
    const hex = body.subarray(offset, offset + size).toString('hex');
    offset += size;
    return { name, datatype, shape, hex };
  });
  assert.equal(offset, body.length);
  return answers;
}

async function post(
  http: string,
  { model, version }: InferenceRequest,
  body: string | Buffer<ArrayBuffer>,
  requestHeaders: Readonly<Record<string, string>>,
): Promise<Response> {
  const route = path(routes.modelVersionInfer, { model, version });
  const response = await fetch(`http://${http}${route}`, {
    method: routes.modelVersionInfer.method,
    headers: requestHeaders,
    body,
  });
  if (!response.ok) assert.fail(`${response.status} ${await response.text()}`);
  return response;
}

function check({ model, version }: InferenceRequest, reply: JsonReply): JsonReply {
  assert.deepEqual([reply.model_name, reply.model_version], [model, version]);
  return reply;
}

function typed(datatype: HexTensor['datatype'], data: readonly number[]): ArrayBufferView {
  return datatype === 'INT64' ? BigInt64Array.from(data, BigInt) : Float32Array.from(data);
}
