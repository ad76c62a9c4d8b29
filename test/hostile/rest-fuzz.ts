import { deflateSync, gzipSync } from 'node:zlib';
import { neighbourModel } from '../support/neighbour';
import type { Chance } from '../support/chance';
import { Raw } from './raw';
import type { Attack } from './target';

const inferPath = `/v2/models/${neighbourModel.name}/infer`;

/** Requests of a round. */
const count = 40;

/** Whole requests, valid at the beginning, and what chance makes of them. */
export const fuzzRest: Attack = async ({ httpPort, chance, saw }) => {
  await Promise.all(
    Array.from({ length: count }, async () => {
      const raw = new Raw(httpPort);
      const bytes = chance.pick([fuzzedHead, fuzzedJson, fuzzedBinary, noise])(chance);
      raw.send(bytes);
      if (chance.integer(3) === 0) raw.socket.end();
      // What a request lacks it may lack for ever.
      await raw.settled(300);
      saw(raw.status, bytes.toString('latin1', 0, 200));
      raw.destroy();
    }),
  );
};

function noise(chance: Chance): Buffer {
  return chance.bytes(chance.integer(2000));
}

function fuzzedHead(chance: Chance): Buffer {
  const body = validJson(chance);
  const whole = post(body, {});
  return chance.mutated(whole);
}

function fuzzedJson(chance: Chance): Buffer {
  const body = chance.pick([
    () => chance.mutated(validJson(chance)),
    () => Buffer.from('['.repeat(1 + chance.integer(200_000))),
    () => Buffer.from('{"inputs":'.repeat(1 + chance.integer(20_000))),
    () => Buffer.from(JSON.stringify(oddRequest(chance)).replaceAll(/"(NaN|1e999)"/g, '$1')),
  ])();
  const packed = chance.pick([
    () => post(body, {}),
    () => post(gzipSync(body), { 'content-encoding': 'gzip' }),
    () => post(deflateSync(body), { 'content-encoding': 'deflate' }),
    () => post(chance.mutated(gzipSync(body)), { 'content-encoding': 'gzip' }),
    () => chunked(body),
  ]);
  return packed();
}

/** JSON followed by tensors, where neither is as long as is said. */
function fuzzedBinary(chance: Chance): Buffer {
  const data = chance.bytes(chance.integer(64));
  const size = chance.pick([
    data.length,
    data.length + 1,
    -1,
    2 ** 31,
    2 ** 53,
    0.5,
    chance.integer(99),
  ]);
  const input = {
    name: 'x',
    datatype: chance.pick(['FP32', 'FP16', 'BYTES', 'INT64', 'BOOL']),
    shape: oddShape(chance),
    parameters: { binary_data_size: size },
  };
  const head = Buffer.from(JSON.stringify({ inputs: [input] }));
  const said = chance.pick([head.length, head.length - 1, head.length + 1, 0, 2 ** 40, -1]);
  const body = Buffer.concat([head, data]);
  const whole = post(body, { 'inference-header-content-length': String(said) });
  return chance.integer(3) === 0 ? chance.mutated(whole) : whole;
}

function validJson(chance: Chance): Buffer {
  const data = Array.from({ length: chance.integer(9) + 1 }, () => chance.integer(1000) / 8);
  return Buffer.from(
    JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [data.length], data }] }),
  );
}

function oddRequest(chance: Chance): unknown {
  const data = chance.pick<unknown>([
    ['NaN', 1],
    ['1e999', 1],
    [1e308],
    [null],
    'text',
    { 0: 1 },
    [[[[[[1]]]]]],
    Array.from({ length: 5000 }, () => []),
  ]);
  const input = {
    name: chance.pick(['x', '', 'x'.repeat(10_000), '__proto__', 'constructor']),
    datatype: chance.pick(['FP32', 'FP64', 'BYTES', 'fp32', '', 'toString']),
    shape: oddShape(chance),
    data,
    parameters: chance.pick<unknown>([{}, [], null, { binary_data_size: 1e300 }]),
  };
  return {
    id: 'i'.repeat(chance.integer(3) * 5000),
    inputs: chance.pick<unknown>([[input], [input, input], [], {}, null, Array(50).fill(input)]),
    outputs: chance.pick<unknown>([undefined, [{ name: 'y' }], [{ name: 'z' }], [{}], 'y']),
    parameters: chance.pick<unknown>([
      undefined,
      { timeout: -1 },
      { priority: 1e99 },
      { timeout: 1 },
    ]),
  };
}

function oddShape(chance: Chance): unknown {
  return chance.pick<unknown>([
    [1],
    [0],
    [-1],
    [1.5],
    [2 ** 31],
    [2 ** 53],
    [2 ** 31, 2 ** 31, 2 ** 31],
    Array(5000).fill(1),
    [],
    'a',
    null,
  ]);
}

function post(body: Buffer, headers: Readonly<Record<string, string>>): Buffer {
  const fields = Object.entries({ host: 'x', 'content-length': String(body.length), ...headers });
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.concat([Buffer.from(`POST ${inferPath} HTTP/1.1\r\n${lines}\r\n`), body]);
}

function chunked(body: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(`POST ${inferPath} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n`),
    Buffer.from(`${body.length.toString(16)}\r\n`),
    body,
    Buffer.from('\r\n0\r\n\r\n'),
  ]);
}
