import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { openGate } from '../src/access/gate';
import { listen } from '../src/listen';
import { createMetricsServer } from '../src/metrics-server';
import { ServerMetrics } from '../src/telemetry/metrics';
import { until } from './support/until';

describe('the port of the metrics', () => {
  const server = createMetricsServer(
    new ServerMetrics(() => true),
    { gate: openGate, tls: undefined },
    3,
  );
  const sockets: Socket[] = [];
  after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  it('takes as many connections as the other ports, and keeps them no longer', async () => {
    const at = await listen(server, { host: '127.0.0.1', port: 0 });
    const port = Number(at.split(':')[1]);
    for (let i = 0; i < 5; i++) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      sockets.push(socket);
    }
    const closed = (): number => sockets.filter((one) => one.closed).length;
    for (const socket of sockets) socket.resume();
    await until(() => closed() === 2);
    const count = await promisify(server.getConnections.bind(server))();
    assert.equal(count, 3);
    const { headersTimeout, requestTimeout, keepAliveTimeout, timeout } = server;
    assert.deepEqual(
      { headersTimeout, requestTimeout, keepAliveTimeout, timeout },
      {
        headersTimeout: 20_000,
        requestTimeout: 120_000,
        keepAliveTimeout: 75_000,
        timeout: 30_000,
      },
    );
  });
});
