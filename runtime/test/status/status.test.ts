import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { StatusReport } from '../../src/status/report';
import { ApiSchemas } from '../support/api-schemas';
import { getJson, postJson } from '../support/http-client';
import { addConstant } from '../support/models';
import { startTestServer, type TestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';

describe('the status', () => {
  const repository = new TemporaryRepository();
  const input = { name: 'x', datatype: 'FP32', shape: [1], data: [4242] };
  let test: TestServer;
  let status: StatusReport;

  before(async () => {
    repository.add('m', 1, addConstant(1));
    repository.add('broken', 1, 'garbage');
    test = await startTestServer(repository.folder);
    const infer = `${test.url}/v2/models/m/infer`;
    for (let i = 0; i < 3; i++) await postJson(infer, { inputs: [input] });
    for (let i = 0; i < 2; i++) await postJson(infer, { inputs: [] });
    await postJson(`${test.url}/v2/models/secret-name/infer`, { inputs: [] });
    const { body } = await getJson(`${test.url}/v2/status`);
    status = body as unknown as StatusReport;
  });
  after(async () => {
    await test.server.close();
    repository.remove();
  });

  it('is as the contract has it', async () => {
    const api = await ApiSchemas.fetch(test.url);
    assert.equal(api.answerFaults('status', 200, status), undefined);
  });

  it('tells what each model did, and why one does not answer', () => {
    const [broken, m] = status.models;
    assert.equal(broken?.state, 'UNAVAILABLE');
    assert.match(broken.reason, /./);
    assert.equal(broken.recent, null);
    assert.deepEqual([m?.name, m?.version, m?.state], ['m', '1', 'READY']);
    assert.deepEqual([m?.requests, m?.failed, m?.recent?.rows_per_run], [3, 2, 1]);
    const { requests_per_second: rate = 0, p50_ms: p50, p99_ms: p99 } = m?.recent ?? {};
    assert.ok(rate > 0 && p50 != null && p99 != null && p50 <= p99, JSON.stringify(m));
  });

  it('counts failures by kind, the latest first, without what callers wrote', () => {
    assert.deepEqual(
      status.failures.map(({ code, model, version, count }) => [code, model, version, count]),
      [
        ['MODEL_UNKNOWN', null, null, 1],
        ['INPUT_MISSING', 'm', '1', 2],
      ],
    );
    assert.doesNotMatch(JSON.stringify(status), /secret-name|4242/);
  });

  describe('as a page', () => {
    let html: string;
    let policy: string;

    before(async () => {
      const response = await fetch(`${test.url}/status`);
      assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8');
      policy = response.headers.get('content-security-policy') ?? '';
      html = await response.text();
    });

    it('lets its own style and script run, ask this server, and nothing else', () => {
      const hashOf = (element: string): string => {
        const text = html.split(`<${element}>`)[1]?.split(`</${element}>`)[0] ?? '';
        assert.notEqual(text.trim(), '');
        return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
      };
      assert.deepEqual(policy.split('; '), [
        "default-src 'none'",
        `style-src ${hashOf('style')}`,
        `script-src ${hashOf('script')}`,
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
      ]);
    });

    it('names nothing outside of itself, and has no handlers or styles in attributes', () => {
      assert.doesNotMatch(html, /https?:|\bsrc=|<link|@import|url\(/);
      assert.doesNotMatch(html, /\s(on[a-z]+|style)=/);
      assert.doesNotMatch(html, /innerHTML|insertAdjacentHTML|document\.write|eval\(/);
    });

    it('has a header for each column and each row, and says the state in words', () => {
      const columns = [...html.matchAll(/<th scope="col"/g)];
      assert.equal(columns.length, 15);
      assert.match(html, /<html lang="en">/);
      assert.match(html, /role="status"/);
      assert.match(html, /scope = 'row'/);
    });
  });
});
