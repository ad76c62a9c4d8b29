import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { ociSource } from '../../../src/fetch/sources/oci';
import {
  type LocalServer,
  rangeServer,
  type RangeRequest,
  serve,
  sha256,
  Workplace,
} from '../bench';

const title = 'org.opencontainers.image.title';
const manifestType = 'application/vnd.oci.image.manifest.v1+json';

describe('fetching from an OCI registry', () => {
  const weights = Buffer.alloc(300_000, 'weights');
  const layer = {
    mediaType: 'application/octet-stream',
    digest: `sha256:${sha256(weights)}`,
    size: weights.length,
    annotations: { [title]: 'fraud/1/model.onnx' },
  };
  let place: Workplace;
  let registry: LocalServer;
  let manifest: string;
  let ranges: RangeRequest[];
  /** Answers what the registry itself would not; true where it did. */
  let before: (request: IncomingMessage, response: ServerResponse) => boolean;
  const environment = { ...process.env };

  beforeEach(async () => {
    before = () => false;
    ranges = [];
    manifest = JSON.stringify({ mediaType: manifestType, layers: [layer] });
    const blob = rangeServer(() => weights, ranges);
    registry = await serve((request, response) => {
      if (before(request, response)) return;
      if (request.url?.includes('/manifests/') === true) response.end(manifest);
      else blob(request, response);
    });
    place = await Workplace.create();
    process.env.DOCKER_CONFIG = join(place.folder, 'docker');
    await describeAs('1');
  });
  afterEach(async () => {
    process.env = { ...environment };
    await registry.close();
    await place.remove();
  });

  const host = () => new URL(registry.origin).host;
  const describeAs = (tag: string, separator = ':') =>
    place.describe(`oci://${host()}/models/fraud${separator}${tag}`, sha256(weights));

  async function login(auths: unknown, rest: object = {}): Promise<void> {
    await mkdir(join(place.folder, 'docker'));
    await writeFile(join(place.folder, 'docker/config.json'), JSON.stringify({ auths, ...rest }));
  }

  async function refusedWith(message: RegExp): Promise<void> {
    const { code, error } = await place.fetch();
    assert.match(String(error), message);
    assert.equal(code, 1);
    assert.deepEqual(await place.files(), []);
  }

  it('reads the manifest, and then the layer that is the model', async () => {
    let accept = '';
    before = (request) => {
      if (request.url?.includes('/manifests/') === true) accept = request.headers.accept ?? '';
      return false;
    };
    const { code, error } = await place.fetch();
    assert.equal(error, undefined);
    assert.equal(code, 0);
    assert.deepEqual(await readFile(place.weights), weights);
    assert.deepEqual(registry.seen, [
      '/v2/models/fraud/manifests/1',
      `/v2/models/fraud/blobs/${layer.digest}`,
    ]);
    assert.match(accept, /^application\/vnd\.oci\.image\.manifest\.v1\+json, /);
  });

  it('goes on with a layer, by its digest and no other tag', async () => {
    before = (request, response) => {
      if (request.url?.includes('/blobs/') !== true || ranges.length > 0) return false;
      ranges.push({ range: request.headers.range, ifRange: undefined });
      response.writeHead(200, { 'content-length': weights.length, etag: '"of-the-store"' });
      response.write(weights.subarray(0, 100_000), () => setTimeout(() => response.destroy(), 50));
      return true;
    };
    assert.equal((await place.fetch()).code, 0);
    assert.match(String(ranges[1]?.range), /^bytes=[1-9]\d*-299999$/);
    assert.equal(ranges[1]?.ifRange, undefined);
    assert.deepEqual(await readFile(place.weights), weights);
  });

  it('refuses a manifest of another digest than it asked for', async () => {
    await describeAs(`sha256:${'a'.repeat(64)}`, '@');
    await refusedWith(
      new RegExp(
        `expected a manifest of digest sha256:a{64}, received sha256:${sha256(manifest)}$`,
      ),
    );
  });

  it('refuses a manifest of another digest than the registry says', async () => {
    before = (_, response) => {
      response.setHeader('docker-content-digest', `sha256:${'b'.repeat(64)}`);
      return false;
    };
    await refusedWith(/expected a manifest of digest sha256:b{64}, received sha256:/);
  });

  it('takes a manifest of the digest that it asked for', async () => {
    await describeAs(`sha256:${sha256(manifest)}`, '@');
    assert.equal((await place.fetch()).code, 0);
  });

  it('refuses a layer of another digest before it comes', async () => {
    await place.describe(`oci://${host()}/models/fraud:1`, sha256('other'));
    await refusedWith(
      new RegExp(`expected SHA-256 ${sha256('other')}, received ${sha256(weights)}`),
    );
    assert.deepEqual(ranges.length, 1);
  });

  it('refuses bytes that are not the layer’s', async () => {
    before = (request, response) => {
      if (request.url?.includes('/blobs/') !== true) return false;
      const damaged = Buffer.from(weights);
      damaged[1234] = 0;
      response.end(damaged);
      return true;
    };
    await refusedWith(new RegExp(`expected SHA-256 ${sha256(weights)}, received `));
    assert.deepEqual(await place.partials(), []);
  });

  const other = { ...layer, annotations: { [title]: 'README.md' } };
  for (const [what, layers, message] of [
    ['none', [], /expected one layer, or one that is called model\.onnx; received none/],
    ['two', [other, other], /received README\.md, README\.md$/],
    ['two models', [layer, layer], /received fraud\/1\/model\.onnx, fraud\/1\/model\.onnx$/],
    [
      'a container image’s',
      [{ ...layer, mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip' }],
      /expected the model file itself as a layer, .* "oras push", not as a container image/,
    ],
    [
      'another algorithm’s',
      [{ ...layer, digest: `sha512:${'a'.repeat(128)}` }],
      /expected a layer with a SHA-256 digest/,
    ],
  ] as const) {
    it(`refuses layers: ${what}`, async () => {
      manifest = JSON.stringify({ layers });
      await refusedWith(message);
    });
  }

  it('finds the model among other files', async () => {
    manifest = JSON.stringify({ layers: [other, layer] });
    assert.equal((await place.fetch()).code, 0);
  });

  it('refuses an index of several manifests', async () => {
    manifest = JSON.stringify({
      mediaType: 'application/vnd.oci.image.index.v1+json',
      manifests: [],
    });
    await refusedWith(
      /expected the manifest of an artifact, received application\/vnd\.oci\.image\.index/,
    );
  });

  it('refuses a manifest without end', async () => {
    manifest = ' '.repeat(5 * 1024 * 1024);
    await refusedWith(/the manifest is larger than 4194304 bytes/);
  });

  describe('that asks who is there', () => {
    let asked: string[];

    /** Lets in who carries `authorization`, and challenges all others. */
    function guard(authorization: string, challenge: string): void {
      before = (request, response) => {
        if (
          request.url?.startsWith('/token') === true ||
          request.headers.authorization === authorization
        )
          return false;
        response.writeHead(401, { 'www-authenticate': challenge }).end();
        return true;
      };
    }
    function withTokens(realm: () => string, answer: RequestListener): void {
      guard('Bearer t0ken', `Bearer realm="${realm()}",service="the registry"`);
      const guarded = before;
      before = (request, response) => {
        if (request.url?.startsWith('/token') !== true) return guarded(request, response);
        asked.push(`${request.url} ${request.headers.authorization ?? ''}`.trim());
        answer(request, response);
        return true;
      };
    }
    const ownRealm = () => `${registry.origin}/token`;
    const basic = Buffer.from('reader:secret').toString('base64');
    const query = '/token?service=the+registry&scope=repository%3Amodels%2Ffraud%3Apull';

    beforeEach(() => {
      asked = [];
    });

    it('gets a token for the repository, once', async () => {
      withTokens(ownRealm, (_, response) => response.end('{"token":"t0ken"}'));
      assert.equal((await place.fetch()).code, 0);
      assert.deepEqual(asked, [query]);
    });

    it('shows the login of Docker’s configuration to get a token', async () => {
      await login({ [host()]: { auth: basic } });
      withTokens(ownRealm, (_, response) => response.end('{"access_token":"t0ken"}'));
      assert.equal((await place.fetch()).code, 0);
      assert.deepEqual(asked, [`${query} Basic ${basic}`]);
    });

    it('changes an identity token', async () => {
      await login({ [host()]: { auth: basic, identitytoken: 'refresh' } });
      let body = '';
      withTokens(ownRealm, (request, response) => {
        request.on('data', (chunk: Buffer) => (body += chunk.toString()));
        request.on('end', () => response.end('{"access_token":"t0ken"}'));
      });
      assert.equal((await place.fetch()).code, 0);
      const fields = Object.fromEntries(new URLSearchParams(body));
      assert.equal(fields.grant_type, 'refresh_token');
      assert.equal(fields.refresh_token, 'refresh');
      assert.equal(fields.scope, 'repository:models/fraud:pull');
    });

    it('answers a basic challenge with the login, given as user and password', async () => {
      await login({ [`https://${host()}`]: { username: 'reader', password: 'secret' } });
      guard(`Basic ${basic}`, 'Basic realm="registry"');
      assert.equal((await place.fetch()).code, 0);
    });

    it('says what is missing where there is no login', async () => {
      guard(`Basic ${basic}`, 'Basic realm="registry"');
      await refusedWith(/asks for a login; put a login under "auths" of config\.json/);
    });

    it('says where it was refused', async () => {
      withTokens(ownRealm, (_, response) => response.writeHead(403).end());
      await refusedWith(
        /answered 403 Forbidden, asked at 127\.0\.0\.1:\d+ for a token; put a login/,
      );
    });

    it('does not run a helper program, and says so', async () => {
      await login({}, { credsStore: 'desktop' });
      guard(`Basic ${basic}`, 'Basic realm="registry"');
      await refusedWith(/keeps the login of 127\.0\.0\.1:\d+ in the helper "desktop"/);
    });

    it('repeats nothing of a configuration that is damaged', async () => {
      await login({});
      await writeFile(join(place.folder, 'docker/config.json'), '{"auths": secret');
      guard('Basic x', 'Basic realm="registry"');
      await refusedWith(/config\.json: is not JSON$/);
    });

    it('tells no other host who it is', async () => {
      await login({ [host()]: { auth: basic } });
      const thief = await serve((_, response) => response.end('{"token":"t0ken"}'));
      try {
        withTokens(
          () => `${thief.origin}/token`,
          () => undefined,
        );
        await refusedWith(
          /sends its callers to http:\/\/127\.0\.0\.1:\d+ to log in, which leaves the declared flow/,
        );
        assert.deepEqual(thief.seen, []);
      } finally {
        await thief.close();
      }
    });
  });

  it('refuses to be led to another host, and names it', async () => {
    before = (request, response) => {
      if (request.url?.includes('/blobs/') !== true) return false;
      response.writeHead(307, { location: 'https://blobs.elsewhere.example/x?secret' }).end();
      return true;
    };
    await refusedWith(
      /redirected to https:\/\/blobs\.elsewhere\.example, .* --allow-host blobs\.elsewhere\.example$/,
    );
  });
});

describe('ociSource', () => {
  for (const uri of [
    'oci://registry.bank.example/fraud',
    'oci://registry.bank.example/:1',
    'oci://registry.bank.example/Fraud:1',
    'oci://user:secret@registry.bank.example/fraud:1',
    'oci://registry.bank.example/fraud@sha256:abc',
    'oci://fraud:1',
  ]) {
    it(`refuses ${uri}`, () => {
      assert.throws(() => ociSource(uri, { allowedHosts: [] }), {
        name: 'SourceUriError',
        message: `expected oci://host/repository:tag or oci://host/repository@sha256:…, received "${uri}"`,
      });
    });
  }
});
