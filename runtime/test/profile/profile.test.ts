import assert from 'node:assert/strict';
import type { ProfileReport } from '../../src/profile/profiler';
import { ApiSchemas } from '../support/api-schemas';
import { postJson } from '../support/http-client';
import { perceptron } from '../support/models';
import { startTestServer, type TestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';

describe('POST /v2/admin/profile', function () {
  this.timeout(60_000);
  const repository = new TemporaryRepository();
  const row = { name: 'x', datatype: 'FP32', shape: [3, 20], data: new Array(60).fill(0.5) };
  let test: TestServer;
  let url: string;

  before(async () => {
    repository.add('mlp', 1, perceptron());
    test = await startTestServer(repository.folder, { workers: 1, adminRoutes: true });
    url = `${test.url}/v2/admin/profile`;
  });
  after(async () => {
    await test.server.close();
    repository.remove();
  });

  it('watches the traffic and times the operators on its shapes, one at a time', async () => {
    const watching = postJson(url, { model: 'mlp', seconds: 1 });
    let asked = 0;
    const infer = async (): Promise<void> => {
      await postJson(`${test.url}/v2/models/mlp/infer`, { inputs: [row] });
      asked++;
    };
    for (let i = 0; i < 20; i++) await infer();
    const second = await postJson(url, { model: 'mlp', seconds: 1 });
    assert.deepEqual([second.status, second.body.code], [409, 'PROFILE_RUNNING']);
    const { status, body } = await watching;
    assert.equal(status, 200, JSON.stringify(body));
    const api = await ApiSchemas.fetch(test.url);
    assert.equal(api.answerFaults('profile', 200, body), undefined);

    const report = body as unknown as ProfileReport;
    assert.deepEqual([report.model, report.version], ['mlp', '1']);
    assert.ok(report.seconds > 0.99 && report.seconds < 5, `${report.seconds} s`);
    assert.ok(report.requests > 0 && report.requests <= asked, `${report.requests} of ${asked}`);
    assert.deepEqual(report.rows_per_run, [{ most: 3, runs: report.runs }]);
    assert.ok((report.queue_ms.p99 ?? 0) > 0 && (report.compute_ms.p99 ?? 0) > 0);
    const { operators } = report;
    assert.equal(operators.shapes_of_traffic, true);
    assert.deepEqual(operators.shapes, { x: [3, 20] });
    const names = operators.by_operator.map(({ name }) => name);
    assert.ok(names.includes('Softmax'), names.join());
    const share = operators.by_operator.reduce((sum, one) => sum + one.share, 0);
    assert.ok(Math.abs(share - 1) < 1e-9, String(share));
    const nodes = operators.by_node.filter(({ operator }) => operator === 'Softmax');
    assert.deepEqual(
      nodes.map(({ calls }) => calls),
      [1],
    );
  });

  it('takes one of each size where nothing was asked meanwhile', async () => {
    const { body } = await postJson(url, { model: 'mlp', version: '1', seconds: 1 });
    const { requests, runs, rows_per_run, queue_ms, operators } = body as unknown as ProfileReport;
    assert.deepEqual([requests, runs, rows_per_run], [0, 0, []]);
    assert.deepEqual(queue_ms, { p50: null, p99: null });
    assert.deepEqual([operators.shapes_of_traffic, operators.shapes], [false, { x: [1, 20] }]);
    assert.ok(operators.ms > 0);
  });

  it('is made once for a key', async () => {
    const key = { 'idempotency-key': 'p1' };
    const order = { model: 'mlp', seconds: 1 };
    const first = await postJson(url, order, key);
    const began = performance.now();
    const again = await postJson(url, order, key);
    assert.equal(first.status, 200);
    assert.deepEqual(again.body, first.body);
    assert.equal(again.headers.get('idempotency-replayed'), 'true');
    assert.ok(performance.now() - began < 900, 'it watched again');
  });

  const refusals: readonly (readonly [object, number, string])[] = [
    [{}, 400, 'FIELD_INVALID'],
    [{ model: 'mlp', seconds: 0 }, 400, 'FIELD_INVALID'],
    [{ model: 'mlp', seconds: 61 }, 400, 'FIELD_INVALID'],
    [{ model: 'absent', seconds: 1 }, 404, 'MODEL_UNKNOWN'],
    [{ model: 'mlp', version: '7', seconds: 1 }, 404, 'VERSION_UNKNOWN'],
  ];
  for (const [body, status, code] of refusals) {
    it(`refuses ${JSON.stringify(body)}`, async () => {
      const answer = await postJson(url, body);
      assert.deepEqual([answer.status, answer.body.code], [status, code]);
    });
  }

  it('is off unless it is asked for', async () => {
    const plain = await startTestServer(repository.folder, { workers: 1 });
    const { status, body } = await postJson(`${plain.url}/v2/admin/profile`, { model: 'mlp' });
    await plain.server.close();
    assert.deepEqual([status, body.code], [403, 'ADMIN_OFF']);
  });
});
