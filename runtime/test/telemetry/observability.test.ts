import assert from 'node:assert/strict';
import { metrics } from '@manara/contract';
import { loggableEngineError } from '../../src/telemetry/logger';
import { postJson } from '../support/http-client';
import { addConstant } from '../support/models';
import { onnxFile } from '../support/onnx';
import { startTestServer, type TestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';

/** Looks up a row of a table of three: an index beyond it makes the engine fail. */
function gather(): Uint8Array {
  return onnxFile({
    inputs: [{ name: 'i', datatype: 'INT64', dims: ['n'] }],
    outputs: [{ name: 'y', datatype: 'FP32', dims: ['n'] }],
    nodes: [{ op: 'Gather', inputs: ['table', 'i'], outputs: ['y'] }],
    weights: [{ name: 'table', dims: [3], data: Float32Array.of(1, 2, 3) }],
  });
}

describe('metrics and logs', () => {
  const repository = new TemporaryRepository();
  const secret = 424242;
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  let test: TestServer;
  let scraped = '';

  before(async () => {
    repository.add('m', 1, addConstant(1));
    repository.add('gather', 1, gather());
    repository.add('bad', 1, 'garbage');
    test = await startTestServer(repository.folder);
    const url = `${test.url}/v2/models`;
    const input = { name: 'x', datatype: 'FP32', shape: [1], data: [secret] };
    const headers = { traceparent };
    assert.equal((await postJson(`${url}/m/infer`, { inputs: [input] }, headers)).status, 200);
    const wrong = { ...input, datatype: 'INT8', data: [secret] };
    assert.equal((await postJson(`${url}/m/infer`, { inputs: [wrong] })).status, 400);
    const beyond = { name: 'i', datatype: 'INT64', shape: [1], data: [secret] };
    const failed = await postJson(`${url}/gather/infer`, { inputs: [beyond] });
    assert.equal(failed.status, 500);
    assert.equal(failed.body.code, 'ENGINE_FAILED');
    assert.equal((await postJson(`${url}/bad/infer`, { inputs: [] })).status, 503);
    scraped = await (await fetch(test.metricsUrl)).text();
  });
  after(async () => {
    await test.server.close();
    repository.remove();
  });

  it('exposes every metric of the contract, and no other', () => {
    const types = [...scraped.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [
      name,
      type,
    ]);
    // A server without variants does not count them.
    const ofVariants: readonly string[] = [
      metrics.exposuresDropped.name,
      metrics.variantFeedback.name,
      metrics.variantOutcomes.name,
      metrics.variantRequests.name,
      metrics.variantReward.name,
      metrics.variantSampleRatio.name,
    ];
    assert.deepEqual(
      types.sort(),
      Object.values(metrics)
        .filter(({ name }) => !ofVariants.includes(name))
        .map(({ name, kind }) => [name, kind])
        .sort(),
    );
  });

  it('counts requests, runs and failures per version', () => {
    const lines = scraped.split('\n');
    for (const line of [
      'nv_inference_request_success{model="m",version="1"} 1',
      'nv_inference_count{model="m",version="1"} 1',
      'nv_inference_exec_count{model="m",version="1"} 1',
      'nv_inference_request_failure{model="m",version="1",reason="OTHER"} 1',
      'nv_inference_request_failure{model="gather",version="1",reason="BACKEND"} 1',
      'nv_inference_pending_request_count{model="m",version="1"} 0',
      'manara_model_ready{model="m",version="1"} 1',
      'manara_server_ready 0',
      'manara_request_duration_seconds_count{model="m",version="1",protocol="http"} 1',
      'manara_batch_rows_bucket{le="1",model="m",version="1"} 1',
      'manara_batch_rows_sum{model="m",version="1"} 1',
      'manara_queue_seconds_count{model="m",version="1"} 1',
      'request_predict_seconds_count{model_name="m"} 1',
      'manara_inference_threads 2',
    ]) {
      assert.ok(lines.includes(line), `${line}\n${scraped}`);
    }
  });

  it('tells the time in the engine by thread, and what the process takes', () => {
    const valueOf = (name: string): number => {
      const line = scraped.split('\n').find((one) => one.startsWith(`${name} `));
      return Number(line?.slice(name.length + 1));
    };
    const busy = ['io', 'inference'].map((thread) =>
      valueOf(`manara_engine_busy_seconds_total{model="m",version="1",thread="${thread}"}`),
    );
    const [io = NaN, inference = NaN] = busy;
    assert.ok(io > 0 && inference === 0, `a small model runs on the I/O thread: ${busy.join()}`);
    assert.ok(valueOf('process_resident_memory_bytes') > 2 ** 20);
    assert.ok(valueOf('process_cpu_seconds_total') > 0);
    assert.ok(valueOf('manara_event_loop_delay_seconds_count') > 0);
  });

  it('answers nothing but metrics on their port', async () => {
    const { origin } = new URL(test.metricsUrl);
    assert.equal((await fetch(`${origin}/v2`)).status, 404);
    const posted = await fetch(test.metricsUrl, { method: 'POST' });
    assert.deepEqual([posted.status, posted.headers.get('allow')], [405, 'GET, HEAD']);
    const head = await fetch(test.metricsUrl, { method: 'HEAD' });
    assert.deepEqual([head.status, await head.text()], [200, '']);
  });

  it("logs requests with the contract's fields and the caller's trace", () => {
    const [answered] = test.logs.filter(({ event }) => event === 'request');
    const { duration_us: duration, time, ...rest } = answered!;
    assert.ok((duration as number) > 0);
    assert.match(time as string, /^\d{4}-/);
    assert.deepEqual(rest, {
      level: 'debug',
      event: 'request',
      model: 'm',
      version: 1,
      protocol: 'http',
      status: 200,
      trace_id: '0af7651916cd43dd8448eb211c80319c',
      msg: 'answered',
    });
    const refused = test.logs.filter(({ event }) => event === 'request_refused');
    assert.deepEqual(
      refused.map(({ status, error }) => [status, error]),
      [[400, 'DATATYPE_MISMATCH']],
    );
    const failed = test.logs.filter(({ event }) => event === 'request_failed');
    assert.deepEqual(
      failed.map(({ status, error }) => [status, error]),
      [
        [500, 'ENGINE_FAILED'],
        [503, 'MODEL_NOT_READY'],
      ],
    );
    assert.match(failed[0]!.msg as string, /Gather/);
  });

  it('logs no tensor values and no addresses of callers', () => {
    const text = JSON.stringify(test.logs);
    assert.doesNotMatch(text, new RegExp(String(secret)));
    const withoutOwn = test.logs.filter(({ event }) => event !== 'listening');
    assert.doesNotMatch(JSON.stringify(withoutOwn), /127\.0\.0\.1/);
  });

  it("cuts what may be a value off an engine's message", () => {
    const message =
      'Model "g" failed to run: Non-zero status code returned while running Gather node. Name:\'\' Status Message: idx=5 must be within [-3,2]';
    assert.equal(
      loggableEngineError(message),
      'Model "g" failed to run: Non-zero status code returned while running Gather node. Name:\'\'',
    );
  });
});
