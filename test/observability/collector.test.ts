import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { tracesTrustVariable } from '@manara/contract';
import { collectorMetrics } from '@manara/constructs/build/src/observability/rules/site-rules';
import { bedBinaries } from '../bed/binaries';
import { realRequests } from '../support/inference';
import { ModelServer } from '../support/model-server';
import { restJson } from '../serving/rest';
import { CollectorProcess } from './collector-process';
import { foreignLogs, foreignSpans, secrets } from './foreign-telemetry';
import { OtlpSink } from './otlp-sink';

/** A collector of the pinned release, built of what the configuration names, between senders and a sink. */
describe("a site's collector", function () {
  this.timeout(900_000);
  let sink: OtlpSink;
  let collector: CollectorProcess;

  before(async function () {
    const binaries = bedBinaries('otelcol');
    if (binaries === undefined) this.skip();
    sink = await OtlpSink.start();
    collector = await CollectorProcess.start(binaries.otelcol, sink.url);
  });

  after(async () => {
    await (collector as CollectorProcess | undefined)?.stop();
    (sink as OtlpSink | undefined)?.stop();
  });

  const send = (path: string, body: object): Promise<number> => collector.post(path, body);
  const arrives = async (path: string, text: string): Promise<string> => {
    for (let tries = 0; tries < 150; tries++) {
      if (sink.textOf(path).includes(text)) return sink.textOf(path);
      await delay(100);
    }
    assert.fail(`"${text}" did not arrive; ${sink.textOf(path)}\n${collector.output.slice(-2000)}`);
  };

  it("takes the server's spans over TLS, by the authority that the construct names, and sends all of them on", async () => {
    process.env[tracesTrustVariable] = collector.certificates.authority;
    const config = join(collector.folder, 'server.json');
    writeFileSync(config, JSON.stringify({ tracesEndpoint: collector.otlp, tracesSampleRatio: 1 }));
    const server = await ModelServer.start({ more: ['--config', config] });
    try {
      const [first] = realRequests();
      assert(first !== undefined);
      await restJson(server.http, first);
    } finally {
      // Sends what is left.
      await server.stop();
      Reflect.deleteProperty(process.env, tracesTrustVariable);
    }
    const text = await arrives('/v1/traces', 'inference.compute');
    for (const part of ['inference.request', 'inference.queue', 'inference.batch']) {
      assert(text.includes(part), text);
    }
    for (const key of [
      'manara.model.name',
      'manara.batch.size',
      'network.protocol.name',
      'service.name',
    ]) {
      assert(text.includes(`"key":"${key}"`), `${key} of ${text}`);
    }
    assert(!text.includes('redaction.redacted'), 'the schema lacks a field of the server');
  });

  it('lets nothing of a span through that the telemetry schema does not name', async () => {
    assert.equal(await send('/v1/traces', foreignSpans), 200);
    const text = await arrives('/v1/traces', '5b8efff798038103d269b633813fc60c');
    for (const secret of secrets) assert(!text.includes(secret), `${secret} left: ${text}`);
    for (const kept of ['"http.method"', '"gateway"', '"other"']) assert(text.includes(kept), text);
  });

  it('lets nothing of a log through that the telemetry schema does not name', async () => {
    assert.equal(await send('/v1/logs', foreignLogs), 200);
    const text = await arrives('/v1/logs', '"status"');
    for (const secret of secrets) assert(!text.includes(secret), `${secret} left: ${text}`);
  });

  it('keeps what a sink that is away did not take, though it is killed meanwhile', async () => {
    sink.isAway = true;
    const traceId = 'ffffeff798038103d269b633813fc60c';
    const later = JSON.stringify(foreignSpans).replace('5b8efff798038103d269b633813fc60c', traceId);
    assert.equal(await send('/v1/traces', JSON.parse(later) as object), 200);
    await collector.kill();
    assert(!sink.textOf('/v1/traces').includes(traceId));
    sink.isAway = false;
    await collector.restart();
    await arrives('/v1/traces', traceId);
  });

  it('counts itself by the names that alerts and dashboards ask for', async () => {
    await send('/v1/traces', foreignSpans);
    const names = [
      collectorMetrics.accepted,
      collectorMetrics.sent,
      collectorMetrics.queueSize,
      collectorMetrics.queueCapacity,
    ];
    let text = '';
    for (
      let tries = 0;
      tries < 50 && !names.every((name) => text.includes(`\n${name}{`));
      tries++
    ) {
      await delay(200);
      text = await (await fetch(`http://${collector.metrics}/metrics`)).text();
    }
    for (const name of names) assert(text.includes(`\n${name}{`), `${name} of ${text}`);
  });

  it('refuses what is no TLS', async () => {
    const plain = `${collector.otlp.replace('https', 'http')}/v1/traces`;
    const { status } = await fetch(plain, { method: 'POST', body: '{}' }).catch(() => ({
      status: 0,
    }));
    assert(status === 0 || status === 400, String(status));
  });
});
