import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { excerpt, failureOf, SiteClient } from '../../src/drill/site-client';
import { type Answer, FakeSite } from '../support/fake-site';

const limits = { millis: 300, bytes: 1000 };

async function failure(answer: Answer): Promise<string | undefined> {
  const site = await FakeSite.start(answer);
  try {
    return failureOf(await new SiteClient(site.address, limits).serverReady());
  } finally {
    await site.stop();
  }
}

describe('SiteClient', () => {
  it('asks the routes of the protocol below its address', async () => {
    const asked: string[] = [];
    const site = await FakeSite.start(({ method, path }, response) => {
      asked.push(`${method} ${path}`);
      response.end('{}');
      return true;
    });
    const client = new SiteClient(`${site.address}/gateway`, limits);
    for (const reply of [
      await client.serverReady(),
      await client.versionReady('fraud', 2),
      await client.metadata('fraud', 2),
      await client.infer('fraud', '{}', 2),
      await client.infer('fraud', '{}'),
    ]) {
      assert.equal(failureOf(reply), undefined);
    }
    await site.stop();
    assert.deepEqual(asked, [
      'GET /gateway/v2/health/ready',
      'GET /gateway/v2/models/fraud/versions/2/ready',
      'GET /gateway/v2/models/fraud/versions/2',
      'POST /gateway/v2/models/fraud/versions/2/infer',
      'POST /gateway/v2/models/fraud/infer',
    ]);
  });

  it('keeps no connection, which would outlive a change of the name', async () => {
    const site = await FakeSite.start((_, response) => {
      assert.equal(response.req.headers.connection, 'close');
      response.end('{}');
      return true;
    });
    assert.equal(failureOf(await new SiteClient(site.address, limits).serverReady()), undefined);
    await site.stop();
  });

  it('says who refused, and in how long nobody answered', async () => {
    const site = await FakeSite.start();
    await site.stop();
    const refused = failureOf(await new SiteClient(site.address, limits).serverReady());
    assert.equal(refused, `connect ECONNREFUSED 127.0.0.1:${site.port}`);
    assert.equal(await failure(() => true), 'no answer in 300 ms');
  });

  it('does not wait for a body that never ends, nor for one that is endless', async () => {
    const begun: Answer = (_, response) => response.writeHead(200).write('{') || true;
    assert.equal(await failure(begun), 'no answer in 300 ms');
    assert.equal(
      await failure((_, response) => {
        response.end('x'.repeat(1001));
        return true;
      }),
      'answered with more than 1000 bytes',
    );
  });

  it('takes no answer from where it is sent on to', async () => {
    const moved: Answer = ({ path }, response) => {
      if (path === '/elsewhere') return false;
      response.writeHead(307, { location: '/elsewhere' }).end();
      return true;
    };
    assert.equal(await failure(moved), 'answered 307: nothing');
  });

  it('quotes the error of the protocol in one plain line', async () => {
    const refusing: Answer = (_, response) => {
      response.writeHead(503).end(JSON.stringify({ error: 'not\n\u001b[31mready\u001b[0m' }));
      return true;
    };
    assert.equal(await failure(refusing), 'answered 503: not ready');
    assert.equal(excerpt('x'.repeat(200)), `${'x'.repeat(160)}…`);
  });

  it('survives what is not HTTP at all', async () => {
    const server = createServer((socket) => socket.resume().end('SSH-2.0-OpenSSH_9.6\r\n'));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const found = failureOf(await new SiteClient(`http://127.0.0.1:${port}`, limits).serverReady());
    server.close();
    assert.match(found ?? '', /Expected HTTP\/|other side closed/);
  });
});
