import type { BenchModel } from './bench-model';

/** How a server is asked, and how it answers, in JSON over HTTP. */
export interface Dialect {
  readonly path: (model: BenchModel) => string;
  readonly body: (model: BenchModel) => object;
  /** Values of the only output. */
  readonly values: (answer: unknown) => readonly number[];
}

/** The Open Inference Protocol, v2. */
export const openInference: Dialect = {
  path: ({ name }) => `/v2/models/${name}/infer`,
  body: ({ inputs }) => ({ inputs }),
  values: (answer) => {
    const [output] = (answer as { outputs: { data: number[] }[] }).outputs;
    return output?.data ?? [];
  },
};

/** What a program of one's own would take: a field for each input, flat. Less to write and to parse. */
export const plain = (path: string): Dialect => ({
  path: () => path,
  body: ({ inputs }) => Object.fromEntries(inputs.map(({ name, data }) => [name, data])),
  values: (answer) => Object.values(answer as Record<string, number[]>).flat(),
});

/** Bytes of a whole HTTP/1.1 request. */
export function postBytes(dialect: Dialect, model: BenchModel, port: number): Buffer {
  const body = JSON.stringify(dialect.body(model));
  return Buffer.from(
    [
      `POST ${dialect.path(model)} HTTP/1.1`,
      `Host: 127.0.0.1:${port}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
}

export function getBytes(path: string, port: number): Buffer {
  return Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
}
