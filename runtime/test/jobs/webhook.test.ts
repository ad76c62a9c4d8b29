import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { checkCallback } from '../../src/jobs/webhook/allowed';
import { readSecrets, signedHeaders } from '../../src/jobs/webhook/signature';
import { getJson, postJson } from '../support/http-client';
import { identity } from '../support/models';
import { startTestServer, type TestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe('checkCallback', () => {
  const allow = ['https://hooks.bank/jobs', 'http://10.0.0.8:8080/in/'];

  it('takes what is below an allowed address', () => {
    for (const url of [
      'https://hooks.bank/jobs',
      'https://hooks.bank/jobs/a?b=c',
      'https://hooks.bank:443/jobs/',
      'http://10.0.0.8:8080/in/x',
    ]) {
      checkCallback(url, allow);
    }
  });

  for (const url of [
    'https://hooks.bank/jobsite',
    'https://hooks.bank/jobs/../admin',
    'https://hooks.bank/jobs/%2e%2e/admin',
    'https://hooks.bank/jobs/..%2fadmin',
    'https://hooks.bank.evil/jobs',
    'https://hooks.bank@evil/jobs',
    'https://user@hooks.bank/jobs',
    'https://hooks.bank/jobs#x',
    'http://hooks.bank/jobs',
    'http://10.0.0.8/in/x',
    'file:///etc/passwd',
    'jobs',
  ]) {
    it(`refuses ${url}`, () => {
      assert.throws(
        () => {
          checkCallback(url, allow);
        },
        { code: 'CALLBACK_REFUSED', httpStatus: 400 },
      );
    });
  }
});

describe('signedHeaders', () => {
  it('signs as the published example of Standard Webhooks does', () => {
    // Source: standard-webhooks, "Signature scheme" example of its libraries; read 2026-11.
    const secret = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
    const headers = signedHeaders(
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      1614265330,
      '{"test": 2432232314}',
      [secret],
    );
    assert.deepEqual(headers, {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });
});

describe('the event of a job', () => {
  const folder = mkdtempSync(join(tmpdir(), 'manara-webhook-'));
  const secrets = [Buffer.alloc(32, 1), Buffer.alloc(24, 2)];
  const secretFiles = secrets.map((secret, i) => {
    const file = join(folder, `secret${i}`);
    writeFileSync(file, `${i === 0 ? 'whsec_' : ''}${secret.toString('base64')}\n`);
    return file;
  });
  let repository: TemporaryRepository;
  let server: TestServer;
  let receiver: Server;
  let hooks: string;
  let received: Received[] = [];
  /** What the receiver answers, in turn; 204 once it is empty. */
  let answers: number[] = [];

  before(async () => {
    receiver = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        received.push({ headers: request.headers, body });
        const status = answers.shift() ?? 204;
        response.writeHead(status, status === 302 ? { location: `${hooks}elsewhere` } : {}).end();
      });
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => receiver.once('listening', resolve));
    hooks = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hooks/`;
    repository = new TemporaryRepository();
    repository.add('same', 1, identity('FP32'));
    const webhook = { allow: [hooks], secretFiles };
    server = await startTestServer(repository.folder, {
      jobs: { folder: join(folder, 'jobs'), webhook },
    });
  });
  after(async () => {
    await server.server.close();
    receiver.close();
    repository.remove();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    received = [];
    answers = [];
  });

  const order = (callback: string): ReturnType<typeof postJson> =>
    postJson(
      `${server.url}/v2/models/same/infer`,
      { inputs: [{ name: 'x', datatype: 'FP32', shape: [1], data: [1] }] },
      { prefer: 'respond-async', 'job-callback': callback },
    );

  async function settled(url: string): Promise<Readonly<Record<string, unknown>>> {
    for (;;) {
      const { body } = await getJson(server.url + url);
      const callback = body.callback as Readonly<Record<string, unknown>>;
      if (callback.state !== undefined && callback.state !== 'pending') return callback;
      await setTimeout(20);
    }
  }

  it('is sent once it is over, signed with both secrets', async () => {
    const { body } = await order(`${hooks}a`);
    const delivery = await settled(String(body.status_url));
    assert.equal(delivery.state, 'delivered');
    assert.equal(delivery.attempts, 1);
    const [event] = received;
    assert.ok(event !== undefined);
    assert.equal(received.length, 1);
    assert.equal(event.headers['content-type'], 'application/cloudevents+json; charset=utf-8');
    const { data, time, ...rest } = JSON.parse(event.body) as Record<string, unknown>;
    assert.deepEqual(rest, {
      specversion: '1.0',
      id: body.id,
      source: '/v2/jobs',
      type: 'dev.manara.job.succeeded',
      subject: body.id,
      datacontenttype: 'application/json',
    });
    const { state, result_url: result, finished_at: finished } = data as Record<string, unknown>;
    assert.deepEqual([state, result], ['succeeded', `${String(body.status_url)}/result`]);
    assert.equal(time, finished);
    const signed = `${String(body.id)}.${String(event.headers['webhook-timestamp'])}.${event.body}`;
    const expected = secrets.map(
      (secret) => `v1,${createHmac('sha256', secret).update(signed).digest('base64')}`,
    );
    assert.equal(event.headers['webhook-signature'], expected.join(' '));
    assert.equal(event.headers['webhook-id'], body.id);
  });

  it('is sent again where it was not taken, with the same id', async () => {
    answers = [500];
    const { body } = await order(`${hooks}a`);
    const delivery = await settled(String(body.status_url));
    assert.equal(delivery.state, 'delivered');
    assert.equal(delivery.attempts, 2);
    assert.deepEqual(
      received.map(({ headers }) => headers['webhook-id']),
      [body.id, body.id],
    );
  });

  it('follows no redirection, and gives up where the receiver wants no more', async () => {
    answers = [302, 410];
    const { body } = await order(`${hooks}a`);
    const delivery = await settled(String(body.status_url));
    assert.equal(delivery.state, 'failed');
    assert.equal(delivery.last_error, 'answered 410');
    assert.equal(received.length, 2);
  });

  it('is refused with its job where it may not go', async () => {
    const refused = await order('http://169.254.169.254/latest');
    assert.equal(refused.status, 400);
    assert.equal(refused.body.code, 'CALLBACK_REFUSED');
  });

  it('needs a secret of some length', () => {
    const file = join(folder, 'short');
    writeFileSync(file, 'c2hvcnQ=');
    assert.throws(() => readSecrets([file]), {
      name: 'StartError',
      message: `the webhook secret ${file}: expected base64 of 24 to 64 bytes, received 5 bytes; make one with "openssl rand -base64 32"`,
    });
    assert.throws(() => readSecrets([join(folder, 'none')]), {
      name: 'StartError',
      message: /ENOENT/,
    });
  });
});
