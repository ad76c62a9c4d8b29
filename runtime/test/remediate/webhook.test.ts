import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ToldAlert } from '@manara/contract';
import pino from 'pino';
import { RemediationLog } from '../../src/remediate/record';
import { createWebhook } from '../../src/remediate/webhook';

const alert = {
  status: 'firing',
  labels: { alertname: 'A', job: 'fraud' },
  startsAt: '2026-11-23T09:59:00Z',
  fingerprint: 'a1',
};

describe('the webhook', () => {
  const handled: (readonly ToldAlert[])[] = [];
  let fails = false;
  let server: Server;

  before(async () => {
    const handle = (alerts: readonly ToldAlert[]): Promise<void> => {
      handled.push(alerts);
      return fails ? Promise.reject(new Error('the cluster is away')) : Promise.resolve();
    };
    server = createWebhook({ handle }, new RemediationLog(pino({ level: 'silent' })));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  after(() => server.close());

  async function post(body: string, path = '/alerts', method = 'POST'): Promise<number> {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
    return (
      await fetch(url, {
        method,
        headers: { connection: 'close' },
        ...(method === 'GET' ? {} : { body }),
      })
    ).status;
  }

  it('takes what Alertmanager sends, with fields that it does not know', async () => {
    const body = {
      version: '4',
      receiver: 'x',
      alerts: [{ ...alert, endsAt: 'z' }],
      truncatedAlerts: 0,
    };
    assert.equal(await post(JSON.stringify(body)), 200);
    assert.equal(handled.at(-1)?.[0]?.labels.alertname, 'A');
  });

  it('asks to be told again where the cluster could not be asked', async () => {
    fails = true;
    assert.equal(await post(JSON.stringify({ version: '4', alerts: [alert] })), 503);
    fails = false;
  });

  it('refuses what is none of that', async () => {
    const { length } = handled;
    for (const body of [
      '',
      '{',
      '[]',
      '{"version":"3","alerts":[]}',
      '{"version":"4","alerts":[{}]}',
    ]) {
      assert.equal(await post(body), 400, body);
    }
    assert.equal(await post('x'.repeat(2 * 1024 * 1024)).catch(() => 413), 413);
    assert.equal(await post('{}', '/other'), 404);
    assert.equal(await post('', '/alerts', 'GET'), 405);
    assert.equal(handled.length, length);
  });

  it('says that it is well', async () => {
    assert.equal(await post('', '/health', 'GET'), 200);
  });
});
