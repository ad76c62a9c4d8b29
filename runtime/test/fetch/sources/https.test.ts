import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { httpsSource } from '../../../src/fetch/sources/https';
import { type LocalServer, serve, sha256, Workplace } from '../bench';

describe('fetching over HTTP', () => {
  let place: Workplace;
  let server: LocalServer | undefined;
  beforeEach(async () => {
    place = await Workplace.create();
  });
  afterEach(async () => {
    await server?.close();
    server = undefined;
    await place.remove();
  });

  const weights = Buffer.alloc(300_000, 'weights');

  async function publish(listener: RequestListener, path = '/m.onnx'): Promise<string> {
    server = await serve(listener);
    const uri = server.origin + path;
    await place.describe(uri, sha256(weights));
    return uri;
  }

  it('writes the body and leaves nothing beside it', async () => {
    await publish((_, response) => response.end(weights));
    assert.equal((await place.fetch()).code, 0);
    assert.deepEqual(await readFile(place.weights), weights);
    assert.deepEqual(await place.files(), ['model.onnx']);
  });

  it('asks for the stored bytes, not for a compressed transfer', async () => {
    let encoding: unknown;
    await publish((request, response) => {
      encoding = request.headers['accept-encoding'];
      response.end(weights);
    });
    await place.fetch();
    assert.equal(encoding, 'identity');
  });

  it('refuses another digest at the first try, naming both, and leaves nothing', async () => {
    const uri = await publish((_, response) => response.end('other'));
    const { code, error } = await place.fetch();
    assert.equal(code, 1);
    assert.equal(
      error,
      `${uri}: expected SHA-256 ${sha256(weights)}, received ${sha256('other')}; publish the file that was described, or describe the one that is published`,
    );
    assert.equal(server?.seen.length, 1);
    assert.deepEqual(await place.files(), []);
  });

  it('keeps the query of a presigned address out of messages and log lines', async () => {
    await publish((_, response) => response.writeHead(403).end(), '/m.onnx?signature=secret');
    const { error, logs } = await place.fetch();
    assert.equal(error, `${server?.origin ?? ''}/m.onnx: the server answered 403 Forbidden`);
    assert.doesNotMatch(JSON.stringify(logs), /secret/);
    assert.deepEqual(server?.seen, ['/m.onnx?signature=secret']);
  });

  for (const status of [403, 404]) {
    it(`does not try again after ${status}`, async () => {
      await publish((_, response) => response.writeHead(status).end());
      assert.equal((await place.fetch()).code, 1);
      assert.equal(server?.seen.length, 1);
    });
  }

  it('tries again after 503, and says so', async () => {
    const uri = await publish((_, response) => {
      if (server?.seen.length === 1) response.writeHead(503).end();
      else response.end(weights);
    });
    const { code, logs } = await place.fetch();
    assert.equal(code, 0);
    const retry = logs.find((l) => l.event === 'model_fetch_retry');
    assert.equal(retry?.attempt, 1);
    assert.equal(retry.error, `${uri}: the server answered 503 Service Unavailable`);
    assert.deepEqual(await readFile(place.weights), weights);
  });

  it('gives up after the tries that it has', async () => {
    await publish((_, response) => response.writeHead(500).end());
    assert.equal((await place.fetch()).code, 1);
    assert.equal(server?.seen.length, 3);
  });

  it('starts over after a body that ends short, where the server knows no ranges', async () => {
    await publish((_, response) => {
      response.writeHead(200, { 'content-length': weights.length });
      if (server?.seen.length === 1) {
        response.write(weights.subarray(0, 1000), () => response.destroy());
      } else response.end(weights);
    });
    assert.equal((await place.fetch()).code, 0);
    assert.equal(server?.seen.length, 2);
    assert.deepEqual(await readFile(place.weights), weights);
  });

  it('leaves nothing of a body that always ends short', async () => {
    await publish((_, response) => {
      response.writeHead(200, { 'content-length': weights.length });
      response.write(weights.subarray(0, 1000), () => response.destroy());
    });
    assert.equal((await place.fetch()).code, 1);
    assert.equal(server?.seen.length, 3);
    assert.deepEqual(await place.files(), []);
  });

  it('gives up on a server that falls silent', async () => {
    const uri = await publish((_, response) => response.write('some'));
    const { code, error } = await place.fetch();
    assert.equal(code, 1);
    assert.equal(error, `${uri}: no byte came for 300 ms`);
    assert.deepEqual(await place.files(), []);
  });

  it('tries again where nobody listens, and names the fault', async () => {
    const uri = await publish(() => undefined);
    await server?.close();
    const { code, error, logs } = await place.fetch();
    assert.equal(code, 1);
    assert.match(
      String(error),
      /^http:\/\/127\.0\.0\.1:\d+\/m\.onnx: fetch failed: connect ECONNREFUSED/,
    );
    assert.ok(String(error).startsWith(uri));
    assert.equal(logs.filter((l) => l.event === 'model_fetch_retry').length, 2);
  });

  it('follows a redirect within the origin', async () => {
    await publish((request, response) => {
      if (request.url === '/m.onnx') response.writeHead(302, { location: '/real' }).end();
      else response.end(weights);
    });
    assert.equal((await place.fetch()).code, 0);
    assert.deepEqual(server?.seen, ['/m.onnx', '/real']);
  });

  it('refuses a redirect to another origin, naming it, without asking it', async () => {
    const other = await serve((_, response) => response.end(weights));
    try {
      const uri = await publish((_, response) =>
        response.writeHead(307, { location: `${other.origin}/m.onnx?secret` }).end(),
      );
      const { code, error } = await place.fetch();
      assert.equal(code, 1);
      assert.equal(
        error,
        `${uri}: redirected to ${other.origin}, which leaves the declared flow to ${server?.origin ?? ''}; publish the weights there, declare the address that serves them, or allow it with --allow-host ${new URL(other.origin).host}`,
      );
      assert.deepEqual(other.seen, []);
    } finally {
      await other.close();
    }
  });

  it('ends a circle of redirects', async () => {
    const uri = await publish((_, response) =>
      response.writeHead(302, { location: '/m.onnx' }).end(),
    );
    assert.equal((await place.fetch()).error, `${uri}: more than 5 redirects`);
  });
});

describe('httpsSource', () => {
  const alone = { allowedHosts: [] };

  it('refuses http: to another machine', () => {
    assert.throws(() => httpsSource(new URL('http://example.com/a?key=1'), alone), {
      name: 'SourceUriError',
      message: 'expected https: for another machine, received "http://example.com/a"',
    });
    assert.throws(() => httpsSource(new URL('http://127.0.0.1.example.com/a'), alone), {
      name: 'SourceUriError',
    });
  });

  it('takes http: on the loopback, and https: anywhere', () => {
    for (const uri of [
      'http://localhost/a',
      'http://[::1]/a',
      'http://127.1.2.3/a',
      'https://example.com/a',
    ]) {
      assert.equal(httpsSource(new URL(uri), alone).label, uri);
    }
  });

  it('refuses credentials in the URI without repeating them', () => {
    assert.throws(() => httpsSource(new URL('https://user:secret@example.com/a'), alone), {
      message: 'expected no credentials in the URI, received some in "https://example.com/a"',
    });
  });
});
