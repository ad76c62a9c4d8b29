import assert from 'node:assert/strict';
import { Agent, get as httpsGet, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import {
  connect as tlsConnect,
  type ConnectionOptions,
  type SecureVersion,
  TLSSocket,
} from 'node:tls';
import { credentials } from '@grpc/grpc-js';
import type { ServerOptions } from '../../src';
import { TestKeys } from '../support/access';
import { type Issued, TestAuthority } from '../support/certificates';
import { failureOf, TestGrpcClient } from '../support/grpc-client';
import { identity } from '../support/models';
import { startTestServer, type TestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';
import { until } from '../support/until';

const body = JSON.stringify({
  inputs: [{ name: 'x', datatype: 'FP32', shape: [1], data: [1] }],
});
const grpcRequest = {
  model_name: 'm',
  inputs: [{ name: 'x', datatype: 'FP32', shape: [1], contents: { fp32_contents: [1] } }],
};

describe('TLS', function () {
  this.timeout(60_000);
  let authority: TestAuthority;
  let repository: TemporaryRepository;
  let test: TestServer;

  before(async () => {
    authority = await TestAuthority.create();
  });
  beforeEach(() => {
    repository = new TemporaryRepository();
    repository.add('m', 1, identity('FP32'));
  });
  afterEach(async () => {
    await test.server.close();
    repository.remove();
  });

  const write = ({ cert, key }: Issued): { certFile: string; keyFile: string } => ({
    certFile: repository.write('.tls/tls.crt', cert),
    keyFile: repository.write('.tls/tls.key', key),
  });
  const start = async (options: Partial<ServerOptions>): Promise<void> => {
    test = await startTestServer(repository.folder, options, { followMillis: 20 });
  };
  const port = (url: string): number => Number(new URL(url.replace('http:', 'https:')).port);

  it('serves REST, gRPC and metrics, and nothing in the clear', async () => {
    await start({ tls: write(await authority.issue()) });
    const agent = new Agent({ ca: authority.cert });
    assert.deepEqual(await infer(test, agent), { status: 200, body: 'y' });
    const client = new TestGrpcClient(
      test.grpc,
      {},
      credentials.createSsl(Buffer.from(authority.cert)),
    );
    assert.equal((await client.call('ModelInfer', grpcRequest)).model_name, 'm');
    client.close();
    const metrics = await read(await get(test.metricsUrl, agent));
    assert.match(metrics, /manara_server_ready 1/);
    agent.destroy();
    await assert.rejects(fetch(`${test.url}/v2`));
    await assert.rejects(fetch(test.metricsUrl));
  });

  it('speaks TLS 1.2 and 1.3, and neither older ones nor, where it is told, 1.2', async () => {
    const files = write(await authority.issue());
    const speaks = (maxVersion: SecureVersion): Promise<string> =>
      handshake(port(test.url), { ca: authority.cert, maxVersion, minVersion: 'TLSv1' });
    await start({ tls: files });
    assert.equal(await speaks('TLSv1.3'), 'TLSv1.3');
    assert.equal(await speaks('TLSv1.2'), 'TLSv1.2');
    assert.match(await speaks('TLSv1.1'), /^E/);
    await test.server.close();
    await start({ tls: { ...files, minVersion: '1.3' } });
    assert.equal(await speaks('TLSv1.3'), 'TLSv1.3');
    assert.match(await speaks('TLSv1.2'), /^E/);
    const grpcPort = Number(test.grpc.split(':').at(-1));
    const options = { ca: authority.cert, maxVersion: 'TLSv1.2' as const };
    assert.match(await handshake(grpcPort, { ...options, ALPNProtocols: ['h2'] }), /^E/);
  });

  it('takes a new certificate under load without a failed request or a cut connection', async () => {
    await start({ tls: write(await authority.issue({ subject: 'CN=old' })) });
    const kept = new Agent({ ca: authority.cert, keepAlive: true, maxSockets: 1 });
    const fresh = new Agent({ ca: authority.cert, keepAlive: false, maxCachedSessions: 0 });
    const secured = credentials.createSsl(Buffer.from(authority.cert));
    const client = new TestGrpcClient(test.grpc, {}, secured);
    const statuses = new Set<unknown>();
    const connections = new Set<number | undefined>();
    const seen = new Set<string>();
    let rotated = 0;
    const last = Date.now() + 20_000;
    while (seen.size < 3) {
      assert.ok(Date.now() < last, [...seen].join());
      const [first, second, third] = await Promise.all([
        get(`${test.url}/v2/models/m`, kept),
        get(`${test.url}/v2/models/m`, fresh, (socket) => {
          seen.add(String(socket.getPeerCertificate().subject.CN));
        }),
        client.call('ModelInfer', grpcRequest),
      ]);
      statuses.add(first.statusCode).add(second.statusCode).add(third.model_name);
      connections.add(first.socket.localPort);
      await Promise.all([read(first), read(second)]);
      if (seen.size > rotated && rotated < 2) {
        write(await authority.issue({ subject: `CN=new${++rotated}` }));
      }
    }
    assert.deepEqual([...seen], ['old', 'new1', 'new2']);
    assert.deepEqual([...statuses], [200, 'm']);
    assert.equal(connections.size, 1, 'the connection that was open stays');
    // A new gRPC connection gets the new certificate as well.
    const grpcPort = Number(test.grpc.split(':').at(-1));
    assert.equal(await subjectAt(grpcPort, authority.cert), 'new2');
    assert.equal(await subjectAt(port(test.metricsUrl), authority.cert), 'new2');
    client.close();
    kept.destroy();
    fresh.destroy();
  });

  it('keeps the certificate that it has where a new one cannot be used, and says why', async () => {
    const good = await authority.issue({ subject: 'CN=good' });
    await start({ tls: write(good) });
    const faults = (): readonly unknown[] =>
      test.logs.filter(({ event }) => event === 'files_refused').map(({ msg }) => msg);
    const other = await authority.issue();
    const cases: readonly (readonly [Issued, RegExp])[] = [
      [{ ...good, key: other.key }, /key values mismatch/],
      [{ ...good, cert: 'no certificate' }, /PEM|no start line/i],
      [await authority.issue({ seconds: -1 }), /the certificate expired at/],
      [await authority.issue({ from: 3600, seconds: 7200 }), /the certificate is valid from/],
    ];
    for (const [i, [issued, reason]] of cases.entries()) {
      write(issued);
      await until(() => faults().length > i);
      assert.match(String(faults()[i]), reason);
      assert.equal(await subjectAt(port(test.url), authority.cert), 'good');
    }
  });

  it('does not start without files that can be used', async () => {
    const files = write({ ...(await authority.issue()), key: (await authority.issue()).key });
    await start({});
    await assert.rejects(startTestServer(repository.folder, { tls: files }), {
      name: 'ConfigurationError',
      message: /^tls cannot be used: .*key values mismatch/,
    });
    await assert.rejects(
      startTestServer(repository.folder, { tls: { ...files, certFile: '/absent' } }),
      { name: 'ConfigurationError', message: /^tls cannot be used: ENOENT/ },
    );
  });

  describe('with certificates of callers', () => {
    const id = 'spiffe://bank.ae/ns/retail/sa/payments';
    let clientAuthority: TestAuthority;
    let files: { certFile: string; keyFile: string; clientCaFile: string };
    before(async () => {
      clientAuthority = await TestAuthority.create('CN=Clients');
    });
    beforeEach(async () => {
      const clientCaFile = repository.write('.tls/ca.crt', clientAuthority.cert);
      files = { ...write(await authority.issue()), clientCaFile };
    });
    const known = { callers: [id], verbs: ['infer' as const] };
    const byCertificate = {
      identity: { clientCertificates: { name: 'spiffe' as const } },
      rules: [known],
    };

    it('identifies who is on the other end, over REST and gRPC', async () => {
      await start({ tls: files, ...byCertificate });
      const { cert, key } = await clientAuthority.issue({ uris: [id] });
      const agent = new Agent({ ca: authority.cert, cert, key });
      assert.deepEqual(await infer(test, agent), { status: 200, body: 'y' });
      const client = new TestGrpcClient(test.grpc, {}, pair(authority, { cert, key }));
      assert.equal((await client.call('ModelInfer', grpcRequest)).model_name, 'm');
      const error = await failureOf(client.call('ModelMetadata', { name: 'm' }));
      assert.equal(
        error.details,
        `Caller "${id}" may not "read" model "m"; no rule of the server allows it`,
      );
      client.close();
      agent.destroy();
    });

    it('refuses the connection without one, of another authority, or expired', async () => {
      await start({ tls: files, ...byCertificate });
      for (const issued of [
        undefined,
        await authority.issue({ uris: [id] }),
        await clientAuthority.issue({ uris: [id], seconds: -1 }),
      ]) {
        const agent = new Agent({ ca: authority.cert, ...issued });
        await assert.rejects(infer(test, agent));
        const client = new TestGrpcClient(test.grpc, {}, pair(authority, issued));
        assert.equal((await failureOf(client.call('ModelInfer', grpcRequest))).code, 14);
        client.close();
        agent.destroy();
      }
    });

    it('believes none that it could not verify where they are optional', async () => {
      const optional = { ...files, clientCertificates: 'optional' as const };
      const keys = new TestKeys(repository, { payments: [] });
      const apiKeys = { file: keys.file };
      await start({
        tls: optional,
        identity: { ...byCertificate.identity, apiKeys },
        rules: [known, { callers: ['payments'], verbs: ['infer'] }],
      });
      const forged = await authority.issue({ uris: [id] });
      for (const issued of [undefined, forged]) {
        const agent = new Agent({ ca: authority.cert, ...issued });
        const answer = await infer(test, agent);
        assert.equal(answer.status, 401);
        assert.match(
          answer.body,
          /send an API key in the header x-api-key, or a client certificate/,
        );
        assert.equal((await infer(test, agent, keys.of('payments'))).status, 200);
        // Probes carry no certificate.
        assert.equal((await get(`${test.url}/v2/health/ready`, agent)).statusCode, 200);
        agent.destroy();
        const client = new TestGrpcClient(test.grpc, {}, pair(authority, issued));
        assert.equal((await failureOf(client.call('ModelInfer', grpcRequest))).code, 16);
        client.close();
      }
      const good = await clientAuthority.issue({ uris: [id] });
      const agent = new Agent({ ca: authority.cert, ...good });
      assert.equal((await infer(test, agent)).status, 200);
      agent.destroy();
    });

    it('takes new authorities for new connections', async () => {
      await start({ tls: files, ...byCertificate });
      const next = await TestAuthority.create('CN=Next');
      const agent = new Agent({ ca: authority.cert, ...(await next.issue({ uris: [id] })) });
      await assert.rejects(infer(test, agent));
      repository.write('.tls/ca.crt', `${clientAuthority.cert}\n${next.cert}\n`);
      await until(() => test.logs.some(({ event }) => event === 'files_reloaded'));
      assert.equal((await infer(test, agent)).status, 200);
      agent.destroy();
    });
  });
});

function pair(
  authority: TestAuthority,
  issued: Issued | undefined,
): ReturnType<typeof credentials.createSsl> {
  const ca = Buffer.from(authority.cert);
  if (issued === undefined) return credentials.createSsl(ca);
  return credentials.createSsl(ca, Buffer.from(issued.key), Buffer.from(issued.cert));
}

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
}

/** Infers; the body of an answer without a fault is the name of its output. */
function infer({ url }: TestServer, agent: Agent, headers: object = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { agent, method: 'POST', headers: { ...headers } };
    const sent = request(
      `${url.replace('http:', 'https:')}/v2/models/m/infer`,
      options,
      (response) => {
        read(response).then((text) => {
          const { outputs } = JSON.parse(text) as { outputs?: { name: string }[] };
          resolve({ status: response.statusCode, body: outputs?.[0]?.name ?? text });
        }, reject);
      },
    );
    sent.once('error', reject);
    sent.end(body);
  });
}

/** @param connected - told of the connection as soon as it is made. */
function get(
  url: string,
  agent: Agent,
  connected: (socket: TLSSocket) => void = () => undefined,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = httpsGet(url.replace('http:', 'https:'), { agent }, resolve);
    sent.once('error', reject);
    sent.once('socket', (socket) => {
      socket.once('secureConnect', () => {
        if (socket instanceof TLSSocket) connected(socket);
      });
    });
  });
}

async function read(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of response) text += String(part);
  return text;
}

/** @returns the version that was agreed on, or the code of the error */
function handshake(port: number, options: ConnectionOptions): Promise<string> {
  return new Promise((resolve) => {
    const socket = tlsConnect(
      { ...options, port, host: '127.0.0.1', ciphers: 'DEFAULT@SECLEVEL=0' },
      () => {
        resolve(socket.getProtocol() ?? '');
        socket.destroy();
      },
    );
    socket.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? error.message);
    });
  });
}

function subjectAt(port: number, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', ca, ALPNProtocols: ['h2', 'http/1.1'] };
    const socket = tlsConnect(options, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    });
    socket.once('error', reject);
  });
}
