import { headers } from '@manara/contract';

/** An HTTP answer whose body is JSON. */
export interface JsonAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Headers;
}

export async function getJson(url: string): Promise<JsonAnswer> {
  return read(await fetch(url));
}

/** Posts a JSON value, or a text as it is. */
export async function postJson(
  url: string,
  value?: unknown,
  extra: Readonly<Record<string, string>> = {},
): Promise<JsonAnswer> {
  const body = typeof value === 'string' || value === undefined ? value : JSON.stringify(value);
  const init = { method: 'POST', headers: { 'content-type': 'application/json', ...extra } };
  return read(await fetch(url, body === undefined ? init : { ...init, body }));
}

async function read(response: Response): Promise<JsonAnswer> {
  const text = await response.text();
  const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  return { status: response.status, body, headers: response.headers };
}

/** An answer with binary tensors: the JSON part and the bytes after it. */
export interface BinaryAnswer {
  readonly status: number;
  readonly json: Readonly<Record<string, unknown>>;
  readonly binary: Buffer;
}

export async function postBinary(
  url: string,
  json: unknown,
  tensors: readonly Uint8Array[],
): Promise<BinaryAnswer> {
  const head = Buffer.from(JSON.stringify(json));
  const response = await fetch(url, {
    method: 'POST',
    headers: { [headers.inferenceHeaderContentLength]: String(head.byteLength) },
    body: Buffer.concat([head, ...tensors]),
  });
  const body = Buffer.from(await response.arrayBuffer());
  const length = Number(
    response.headers.get(headers.inferenceHeaderContentLength) ?? body.byteLength,
  );
  return {
    status: response.status,
    json: JSON.parse(body.toString('utf8', 0, length)) as Record<string, unknown>,
    binary: body.subarray(length),
  };
}
