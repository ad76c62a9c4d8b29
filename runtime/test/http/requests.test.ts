import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { deflateSync, gzipSync } from 'node:zlib';
import { type HttpParser, httpParsers } from '../../src/http/parser';
import { getJson, postBinary, postJson } from '../support/http-client';
import { add, addConstant } from '../support/models';
import { startTestServer, type TestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';

for (const httpParser of httpParsers) {
  describe(`REST, read by ${httpParser}`, () => {
    rest(httpParser);
  });
}

function rest(httpParser: HttpParser): void {
  const repository = new TemporaryRepository();
  const tensor = { datatype: 'FP32', shape: [1, 2], data: [1, 2] };
  const good = {
    inputs: [
      { name: 'a', ...tensor },
      { name: 'b', ...tensor },
    ],
  };
  const limit = 4096;
  let test: TestServer;
  let infer: string;

  before(async () => {
    repository.add('add', 1, add());
    repository.add('add', 3, add());
    repository.config('add', 'version_policy { all {} }');
    repository.add('broken', 1, 'garbage');
    repository.add('late', 1, addConstant(1));
    test = await startTestServer(repository.folder, { maxRequestBytes: limit, httpParser });
    infer = `${test.url}/v2/models/add/infer`;
  });
  after(async () => {
    await test.server.close();
    repository.remove();
  });
  afterEach('the server still answers', async () => {
    assert.equal((await postJson(infer, good)).status, 200);
  });

  describe('answers', () => {
    it('the sum, with the id it was sent', async () => {
      const { body, headers } = await postJson(infer, { id: 'r1', ...good });
      assert.equal(headers.get('content-type'), 'application/json');
      assert.deepEqual(body, {
        model_name: 'add',
        model_version: '3',
        id: 'r1',
        outputs: [
          { name: 'sum', datatype: 'FP32', shape: [1, 2], data: [2, 4] },
          { name: 'copy', datatype: 'FP32', shape: [1, 2], data: [1, 2] },
        ],
      });
    });

    it('only the outputs asked for, in their order, each in its form', async () => {
      const { json, binary } = await postBinary(
        infer,
        {
          ...good,
          outputs: [{ name: 'copy', parameters: { binary_data: true } }, { name: 'sum' }],
        },
        [],
      );
      assert.deepEqual(json.outputs, [
        { name: 'copy', datatype: 'FP32', shape: [1, 2], parameters: { binary_data_size: 8 } },
        { name: 'sum', datatype: 'FP32', shape: [1, 2], data: [2, 4] },
      ]);
      assert.deepEqual(binary, Buffer.from(Float32Array.of(1, 2).buffer));
    });

    it('several binary tensors, wherever they start', async () => {
      const bytes = Buffer.from(Float32Array.of(3, 4).buffer);
      for (const id of ['', 'x', 'xx', 'xxx', 'xxxx']) {
        const { json } = await postBinary(
          infer,
          {
            id,
            inputs: ['a', 'b'].map((name) => ({
              name,
              datatype: 'FP32',
              shape: [1, 2],
              parameters: { binary_data_size: 8 },
            })),
            outputs: [{ name: 'sum' }],
          },
          [bytes, bytes],
        );
        assert.deepEqual(json.outputs, [
          { name: 'sum', datatype: 'FP32', shape: [1, 2], data: [6, 8] },
        ]);
      }
    });

    it('the version that the path names, and the highest by default', async () => {
      const old = await postJson(`${test.url}/v2/models/add/versions/1/infer`, good);
      assert.equal(old.body.model_version, '1');
      assert.equal((await postJson(infer, good)).body.model_version, '3');
    });

    it('compressed bodies', async () => {
      const text = JSON.stringify(good);
      const encodings = { gzip: gzipSync(text), deflate: deflateSync(text) };
      for (const [encoding, body] of Object.entries(encodings)) {
        const response = await fetch(infer, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'content-encoding': encoding },
          body,
        });
        assert.equal(response.status, 200, encoding);
      }
    });

    it('bodies without a length', async () => {
      const status = await new Promise<number | undefined>((resolve, reject) => {
        const request = httpRequest(infer, { method: 'POST' }, (response) => {
          response.resume();
          resolve(response.statusCode);
        });
        request.on('error', reject);
        const text = JSON.stringify(good);
        request.write(text.slice(0, 30));
        request.end(text.slice(30));
      });
      assert.equal(status, 200);
    });
  });

  describe('describes', () => {
    it('in the head alone, where that is all that is asked for', async () => {
      for (const path of ['/v2/health/live', '/v2/health/ready', '/status', '/v2/models/add']) {
        const whole = await fetch(test.url + path);
        const head = await fetch(test.url + path, { method: 'HEAD' });
        assert.deepEqual([head.status, await head.text()], [whole.status, ''], path);
        for (const name of ['content-type', 'content-length']) {
          assert.equal(head.headers.get(name), whole.headers.get(name), path);
        }
        await whole.arrayBuffer();
      }
    });

    it('itself', async () => {
      const { body } = await getJson(`${test.url}/v2`);
      assert.equal(body.name, 'manara');
      assert.ok((body.extensions as string[]).includes('binary_tensor_data'));
      assert.deepEqual((await getJson(`${test.url}/v2/health/live`)).body, { live: true });
    });

    it('a model and its versions', async () => {
      const { body } = await getJson(`${test.url}/v2/models/add`);
      assert.deepEqual(body.versions, ['1', '3']);
      assert.deepEqual((body.inputs as unknown[])[0], {
        name: 'a',
        datatype: 'FP32',
        shape: [-1, 2],
      });
      const { body: config } = await getJson(`${test.url}/v2/models/add/versions/1/config`);
      assert.deepEqual(config.version_policy, { all: {} });
    });

    it('the state of every version, with the reason where it is not ready', async () => {
      const { body } = await postJson(`${test.url}/v2/repository/index`);
      const index = body as unknown as Record<string, string>[];
      assert.deepEqual(
        index.map(({ name, version, state }) => [name, version, state]),
        [
          ['add', '1', 'READY'],
          ['add', '3', 'READY'],
          ['broken', '1', 'UNAVAILABLE'],
          ['late', '1', 'READY'],
        ],
      );
      assert.match(index[2]?.reason ?? '', /protobuf|parse/i);
      const ready = await postJson(`${test.url}/v2/repository/index`, { ready: true });
      assert.equal((ready.body as unknown as unknown[]).length, 3);
    });

    it('readiness: not ready as a whole while a model is broken', async () => {
      assert.equal((await getJson(`${test.url}/v2/health/ready`)).status, 503);
      assert.deepEqual((await getJson(`${test.url}/v2/models/add/ready`)).body, {
        name: 'add',
        ready: true,
      });
      const broken = await getJson(`${test.url}/v2/models/broken/ready`);
      assert.equal(broken.status, 503);
      assert.equal(broken.body.ready, false);
      assert.equal((await getJson(`${test.url}/v2/models/none/ready`)).status, 404);
    });

    it('what it has answered', async () => {
      const before = await getJson(`${test.url}/v2/models/add/versions/1/stats`);
      await postJson(`${test.url}/v2/models/add/versions/1/infer`, good);
      await postJson(`${test.url}/v2/models/add/versions/1/infer`, { inputs: [] });
      const after = await getJson(`${test.url}/v2/models/add/versions/1/stats`);
      const counts = ({ body }: typeof before): number[] => {
        const [stats] = body.model_stats as {
          execution_count: number;
          inference_stats: Record<string, { count: number }>;
        }[];
        const { success, fail } = stats!.inference_stats;
        return [stats!.execution_count, success!.count, fail!.count];
      };
      const [runs = 0, successes = 0, failures = 0] = counts(before);
      assert.deepEqual(counts(after), [runs + 1, successes + 1, failures + 1]);
    });
  });

  describe('refuses', () => {
    const refusals: readonly (readonly [string, unknown, number, string, RegExp])[] = [
      ['garbage', '{"inputs": [', 400, 'BODY_NOT_JSON', /not valid JSON/],
      ['an empty body', '', 400, 'BODY_NOT_JSON', /not valid JSON/],
      ['another JSON value', '[1]', 400, 'FIELD_INVALID', /"\(body\)": expected an object/],
      ['no inputs', {}, 400, 'FIELD_INVALID', /"inputs": expected an array, received nothing/],
      ['an input of another kind', { inputs: [5] }, 400, 'FIELD_INVALID', /"inputs\[0\]"/],
      [
        'a size that is no size',
        { inputs: [{ name: 'a', datatype: 'FP32', shape: [-1, 2], data: [] }] },
        400,
        'FIELD_INVALID',
        /"inputs\[0\]\.shape\[0\]": expected a whole number, 0 or more, received -1/,
      ],
      [
        'an id that is no string',
        { ...good, id: 5 },
        400,
        'FIELD_INVALID',
        /"id": expected a string, received 5/,
      ],
      [
        'an unknown datatype',
        { inputs: [{ ...good.inputs[0], datatype: 'FP128' }, good.inputs[1]] },
        400,
        'DATATYPE_MISMATCH',
        /datatype FP128; expected FP32/,
      ],
      [
        'classification',
        { ...good, outputs: [{ name: 'sum', parameters: { classification: 3 } }] },
        400,
        'PARAMETER_UNSUPPORTED',
        /"classification"/,
      ],
      [
        'an unknown output',
        { ...good, outputs: [{ name: 'diff' }] },
        400,
        'OUTPUT_UNKNOWN',
        /"diff" is not one of model "add", which gives "sum", "copy"/,
      ],
      [
        'an output twice',
        { ...good, outputs: [{ name: 'sum' }, { name: 'sum' }] },
        400,
        'OUTPUT_DUPLICATE',
        /"sum"/,
      ],
      [
        'binary data that never came',
        {
          inputs: [
            { name: 'a', datatype: 'FP32', shape: [1, 2], parameters: { binary_data_size: 8 } },
            good.inputs[1],
          ],
        },
        400,
        'BYTE_LENGTH',
        /"a" carries 0 bytes; its binary_data_size needs 8/,
      ],
    ];
    for (const [what, body, status, code, message] of refusals) {
      it(what, async () => {
        const answer = await postJson(infer, body);
        assert.equal(answer.status, status);
        assert.equal(answer.body.code, code);
        assert.match(answer.body.error as string, message);
      });
    }

    it('a truncated binary tensor, and bytes that no input claims', async () => {
      const input = (name: string, size: number): object => ({
        name,
        datatype: 'FP32',
        shape: [1, 2],
        parameters: { binary_data_size: size },
      });
      const short = await postBinary(infer, { inputs: [input('a', 8), input('b', 8)] }, [
        new Uint8Array(12),
      ]);
      assert.equal(short.status, 400);
      assert.match(short.json.error as string, /"b" carries 4 bytes; its binary_data_size needs 8/);
      const wrong = await postBinary(infer, { inputs: [input('a', 4), input('b', 8)] }, [
        new Uint8Array(12),
      ]);
      assert.match(wrong.json.error as string, /"a" carries 4 bytes; 2 elements of FP32 needs 8/);
      const left = await postBinary(infer, { inputs: [input('a', 8), input('b', 8)] }, [
        new Uint8Array(17),
      ]);
      assert.equal(left.json.code, 'BINARY_UNCLAIMED');
    });

    it('a length of the JSON part that is wrong', async () => {
      for (const length of ['-1', 'x', '99999999']) {
        const answer = await postJson(infer, good, { 'inference-header-content-length': length });
        assert.equal(answer.status, 400);
        assert.equal(answer.body.code, 'HEADER_INVALID');
      }
    });

    it('content types that it does not read', async () => {
      for (const type of [
        'text/plain',
        'application/octet-stream',
        'application/json; charset=utf-16',
      ]) {
        const answer = await postJson(infer, good, { 'content-type': type });
        assert.equal(answer.status, 415, type);
        assert.match(answer.body.error as string, /send application\/json/);
      }
      // The last is what `curl -d` sends unless told otherwise.
      const types = [
        'application/json; charset=UTF-8',
        'Application/JSON',
        'application/x-www-form-urlencoded',
      ];
      for (const type of types) {
        assert.equal((await postJson(infer, good, { 'content-type': type })).status, 200, type);
      }
    });

    it('text that is not UTF-8, instead of putting U+FFFD in its place', async () => {
      const head = '{"id":"';
      for (const bytes of [[0xff, 0xfe], [0xed, 0xa0, 0x80], [0xc3]]) {
        const body = Buffer.concat([
          Buffer.from(head),
          Buffer.from(bytes),
          Buffer.from(`",${JSON.stringify(good).slice(1)}`),
        ]);
        const response = await fetch(infer, { method: 'POST', body });
        assert.equal(response.status, 400);
        const answer = (await response.json()) as { code: string; error: string };
        assert.equal(answer.code, 'BODY_NOT_JSON');
        assert.equal(answer.error, 'The body is not valid JSON: it is not UTF-8');
      }
    });

    it('numbers beyond those of 64 bits, as what they are', async () => {
      const text = JSON.stringify(good).replace('"data":[1,2]', '"data":[1e999,2]');
      const answer = await postJson(infer, text);
      assert.equal(answer.status, 400);
      assert.equal(
        answer.body.error,
        'Input "a": element 0 is a number beyond ±1.8e308; expected a number within FP32',
      );
    });

    it('a body beyond 64 KB on the routes that control the repository', async () => {
      const room = await startTestServer(repository.folder, { controlMode: 'explicit' });
      try {
        for (const path of ['index', 'models/late/load', 'models/late/unload']) {
          const answer = await postJson(
            `${room.url}/v2/repository/${path}`,
            ' '.repeat(64 * 1024 + 1),
          );
          assert.equal(answer.status, 413, path);
          assert.match(answer.body.error as string, /than 65536 bytes, the limit of this route/);
        }
      } finally {
        await room.server.close();
      }
    });

    it('a huge name, quoting the beginning of it', async () => {
      const name = 'n'.repeat(2000);
      const answer = await postJson(infer, { inputs: [{ ...good.inputs[0], name }] });
      assert.equal(answer.body.code, 'INPUT_UNKNOWN');
      assert.equal((answer.body.error as string).length, 800);
    });

    it('encodings that it does not read, and bodies that are not in theirs', async () => {
      const unknown = await postJson(infer, good, { 'content-encoding': 'br' });
      assert.equal(unknown.status, 415);
      assert.equal(unknown.body.code, 'CONTENT_ENCODING_UNSUPPORTED');
      const lying = await postJson(infer, good, { 'content-encoding': 'gzip' });
      assert.equal(lying.status, 400);
      assert.equal(lying.body.code, 'BODY_NOT_DECODABLE');
    });

    it('oversized bodies: told at once, found while reading, and when unpacked', async () => {
      const told = await postJson(infer, 'x'.repeat(limit + 1));
      assert.equal(told.status, 413);
      assert.match(told.body.error as string, /larger than 4096 bytes/);
      const bomb = await fetch(infer, {
        method: 'POST',
        headers: { 'content-encoding': 'gzip' },
        body: gzipSync(Buffer.alloc(50 * limit)),
      });
      assert.equal(bomb.status, 413);
      const chunked = await fetch(infer, {
        method: 'POST',
        body: new Blob(['x'.repeat(3 * limit)]).stream(),
        duplex: 'half',
      });
      assert.equal(chunked.status, 413);
    });

    it('a huge body without reading it, even before it is sent', async () => {
      const { port, hostname } = new URL(test.url);
      const socket = connect(Number(port), hostname);
      socket.write(
        `POST /v2/models/add/infer HTTP/1.1\r\nHost: x\r\nContent-Length: ${2 ** 40}\r\nExpect: 100-continue\r\n\r\n`,
      );
      const text = await new Promise<string>((resolve) => {
        let received = '';
        socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
        socket.on('close', () => {
          resolve(received);
        });
      });
      assert.match(text, /^HTTP\/1\.1 413 /);
      assert.match(text, /connection: close/i);
    });

    it('unknown models, versions and paths', async () => {
      const cases: readonly (readonly [string, number, string])[] = [
        ['/v2/models/none/infer', 404, 'MODEL_UNKNOWN'],
        ['/v2/models/add/versions/2/infer', 404, 'VERSION_UNKNOWN'],
        ['/v2/models/add/versions/latest/infer', 404, 'VERSION_UNKNOWN'],
        ['/v2/models/broken/infer', 503, 'MODEL_NOT_READY'],
        ['/v2/models/%2e%2e%2fetc/infer', 404, 'MODEL_UNKNOWN'],
        ['/v2/models/%zz/infer', 404, 'ROUTE_UNKNOWN'],
        ['/v1/models/add:predict', 404, 'ROUTE_UNKNOWN'],
      ];
      for (const [path, status, code] of cases) {
        const answer = await postJson(`${test.url}${path}`, good);
        assert.deepEqual([answer.status, answer.body.code], [status, code], path);
      }
      const named = await postJson(`${test.url}/v2/models/add/versions/2/infer`, good);
      assert.equal(named.body.error, 'Model "add" has no version "2"; it serves 1, 3');
    });

    it('a head alone of what can only be posted', async () => {
      const response = await fetch(infer, { method: 'HEAD' });
      assert.equal(response.status, 405);
    });

    it('other methods, saying which are allowed', async () => {
      const response = await fetch(infer);
      assert.equal(response.status, 405);
      assert.equal(response.headers.get('allow'), 'POST');
      const health = await fetch(`${test.url}/v2/health/live`, { method: 'PUT' });
      assert.equal(health.headers.get('allow'), 'GET, HEAD');
    });

    it('loading and unloading without explicit control', async () => {
      for (const action of ['load', 'unload']) {
        const answer = await postJson(`${test.url}/v2/repository/models/add/${action}`);
        assert.equal(answer.status, 400);
        assert.match(answer.body.error as string, /--model-control-mode explicit.*runs with none/);
      }
    });
  });

  it('survives callers that hang up in the middle', async () => {
    const { port, hostname } = new URL(test.url);
    for (const text of [
      'POST /v2/models/add/infer HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{"inputs"',
      'GET /v2 HTTP/1.1\r\nHo',
      'nonsense\r\n\r\n',
    ]) {
      await new Promise<void>((resolve) => {
        const socket = connect(Number(port), hostname, () => {
          socket.write(text, () => {
            socket.resetAndDestroy();
          });
        });
        socket.on('close', () => {
          resolve();
        });
      });
    }
  });

  it('survives callers that leave before they are answered', async () => {
    for (let i = 0; i < 20; i++) {
      const leaving = new AbortController();
      const init = { method: 'POST', body: JSON.stringify(good), signal: leaving.signal };
      const gone = assert.rejects(fetch(infer, init), { name: 'AbortError' });
      setImmediate(() => {
        leaving.abort();
      });
      await gone;
    }
  });

  it('gives every request in a pipeline its answer, in order', async () => {
    const { port, hostname } = new URL(test.url);
    const socket = connect(Number(port), hostname);
    const one = (id: string): string => {
      const text = JSON.stringify({ id, ...good });
      return `POST /v2/models/add/infer HTTP/1.1\r\nHost: x\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
    };
    socket.write(one('first') + one('second') + one('third'));
    const text = await new Promise<string>((resolve) => {
      let received = '';
      socket.on('data', (chunk: Buffer) => {
        received += chunk.toString();
        if (received.includes('"third"')) resolve(received);
      });
    });
    socket.destroy();
    assert.deepEqual(text.match(/first|second|third/g), ['first', 'second', 'third']);
  });
}
