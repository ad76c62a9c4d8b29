import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { identity, slowOnDemand } from '../support/models';
import { getJson, type JsonAnswer, postJson } from '../support/http-client';
import { startTestServer, type TestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';

const asynchronous = { prefer: 'respond-async' } as const;

function input(values: readonly number[]): object {
  return { inputs: [{ name: 'x', datatype: 'FP32', shape: [values.length], data: values }] };
}

function slowInput(size: number): object {
  return {
    inputs: [
      { name: 'x', datatype: 'FP32', shape: [1, 1], data: [0.1] },
      { name: 'shape', datatype: 'INT64', shape: [2], data: [size, size] },
    ],
  };
}

describe('asynchronous inference', () => {
  let repository: TemporaryRepository;
  let folder: string;
  let server: TestServer;
  let infer: string;

  const jobUrl = (answer: JsonAnswer): string => server.url + String(answer.body.status_url);

  async function over(answer: JsonAnswer): Promise<JsonAnswer> {
    for (;;) {
      const status = await getJson(jobUrl(answer));
      if (!['queued', 'running'].includes(String(status.body.state))) return status;
      await setTimeout(10);
    }
  }

  before(async () => {
    repository = new TemporaryRepository();
    repository.add('same', 1, identity('FP32'));
    repository.add('slow', 1, slowOnDemand(40));
    folder = mkdtempSync(join(tmpdir(), 'manara-jobs-'));
    server = await startTestServer(repository.folder, { jobs: { folder, resultTtlSeconds: 60 } });
    infer = `${server.url}/v2/models/same/infer`;
  });
  after(async () => {
    await server.server.close();
    repository.remove();
    rmSync(folder, { recursive: true });
  });

  it('answers 202, then what the call at once would have been answered', async () => {
    const accepted = await postJson(infer, { id: 'r1', ...input([1, 2.5]) }, asynchronous);
    assert.equal(accepted.status, 202);
    const location = accepted.headers.get('location');
    assert.match(location ?? '', /^\/v2\/jobs\/[0-9a-f-]{36}$/);
    assert.equal(accepted.headers.get('content-location'), location);
    assert.equal(accepted.headers.get('preference-applied'), 'respond-async');
    assert.equal(accepted.body.status_url, location);
    const status = await over(accepted);
    assert.equal(status.body.state, 'succeeded');
    assert.equal(status.body.model_name, 'same');
    assert.equal(status.body.attempts, 1);
    const body = Buffer.from(JSON.stringify({ id: 'r1', ...input([1, 2.5]) }));
    const atOnce = await fetch(infer, { method: 'POST', body });
    const later = await fetch(`${jobUrl(accepted)}/result`);
    assert.equal(later.status, atOnce.status);
    assert.equal(later.headers.get('content-type'), atOnce.headers.get('content-type'));
    assert.equal(await later.text(), await atOnce.text());
  });

  it('keeps binary answers, byte for byte', async () => {
    const tensor = Buffer.from(Float32Array.of(1, NaN, -0).buffer);
    const json = Buffer.from(
      JSON.stringify({
        inputs: [{ name: 'x', datatype: 'FP32', shape: [3], parameters: { binary_data_size: 12 } }],
        parameters: { binary_data_output: true },
      }),
    );
    const init = {
      method: 'POST',
      headers: { 'inference-header-content-length': String(json.byteLength) },
      body: Buffer.concat([json, tensor]),
    };
    const atOnce = await fetch(infer, init);
    const accepted = await fetch(infer, { ...init, headers: { ...init.headers, ...asynchronous } });
    const body = (await accepted.json()) as Record<string, unknown>;
    const answer = { status: accepted.status, headers: accepted.headers, body };
    await over(answer);
    const later = await fetch(`${jobUrl(answer)}/result`);
    for (const name of ['content-type', 'inference-header-content-length']) {
      assert.equal(later.headers.get(name), atOnce.headers.get(name), name);
    }
    const bytes = Buffer.from(await later.arrayBuffer());
    assert.deepEqual(bytes, Buffer.from(await atOnce.arrayBuffer()));
    assert.deepEqual(bytes.subarray(-12), tensor);
  });

  it('refuses at once what the model would refuse', async () => {
    const refused = await postJson(infer, { inputs: [] }, asynchronous);
    assert.equal(refused.status, 400);
    assert.equal(refused.body.code, 'INPUT_MISSING');
    const unknown = await postJson(`${server.url}/v2/models/no/infer`, input([1]), asynchronous);
    assert.equal(unknown.body.code, 'MODEL_UNKNOWN');
  });

  it('answers with the failure that the call at once would have been answered', async () => {
    // NaN cannot be said in JSON, which shows only once the answer is written.
    const json = Buffer.from(
      JSON.stringify({
        inputs: [{ name: 'x', datatype: 'FP32', shape: [1], parameters: { binary_data_size: 4 } }],
      }),
    );
    const body = Buffer.concat([json, Buffer.from(Float32Array.of(NaN).buffer)]);
    const extra = { 'inference-header-content-length': String(json.byteLength) };
    const atOnce = await fetch(infer, { method: 'POST', body, headers: extra });
    const answer = await fetch(infer, {
      method: 'POST',
      body,
      headers: { ...extra, ...asynchronous },
    });
    const accepted = {
      status: 202,
      headers: answer.headers,
      body: (await answer.json()) as Record<string, unknown>,
    };
    const status = await over(accepted);
    assert.equal(status.body.state, 'failed');
    assert.equal((status.body.error as Record<string, unknown>).code, 'OUTPUT_NOT_JSON');
    const later = await fetch(`${jobUrl(accepted)}/result`);
    assert.equal(later.status, atOnce.status);
    assert.equal(later.status, 406);
    assert.equal(await later.text(), await atOnce.text());
  });

  it('says that a result is not there yet, and cancels', async () => {
    const url = `${server.url}/v2/models/slow/infer`;
    // As many as run at once, so that the one after them waits.
    const running = [
      await postJson(url, slowInput(700), asynchronous),
      await postJson(url, slowInput(700), asynchronous),
    ];
    const waiting = await postJson(infer, input([1]), asynchronous);
    const early = await getJson(`${jobUrl(waiting)}/result`);
    assert.equal(early.status, 409);
    assert.equal(early.body.code, 'JOB_NOT_OVER');
    const canceled = await fetch(jobUrl(waiting), { method: 'DELETE' });
    assert.equal(canceled.status, 200);
    assert.equal(((await canceled.json()) as Record<string, unknown>).state, 'canceled');
    const again = await fetch(jobUrl(waiting), { method: 'DELETE' });
    assert.equal(again.status, 409);
    const result = await getJson(`${jobUrl(waiting)}/result`);
    assert.equal(result.status, 410);
    assert.equal(result.body.code, 'JOB_CANCELED');
    await fetch(jobUrl(running[0]!), { method: 'DELETE' });
    assert.equal((await over(running[0]!)).body.state, 'canceled');
    assert.equal((await over(running[1]!)).body.state, 'succeeded');
  });

  it('cancels once for a key, and says so again', async () => {
    const url = `${server.url}/v2/models/slow/infer`;
    const job = await postJson(url, slowInput(700), asynchronous);
    const init = { method: 'DELETE', headers: { 'idempotency-key': randomUUID() } };
    const first = await fetch(jobUrl(job), init);
    const again = await fetch(jobUrl(job), init);
    assert.deepEqual([first.status, again.status], [200, 200]);
    assert.equal(again.headers.get('idempotency-replayed'), 'true');
    assert.deepEqual(await again.json(), await first.json());
  });

  it('does not know what nobody ordered', async () => {
    const url = `${server.url}/v2/jobs/${randomUUID()}`;
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/result'],
      ['DELETE', ''],
    ] as const) {
      const answer = await fetch(url + path, { method });
      assert.equal(answer.status, 404);
      assert.equal(((await answer.json()) as Record<string, unknown>).code, 'JOB_UNKNOWN');
    }
  });

  it('lists jobs in pages', async () => {
    for (let i = 0; i < 3; i++) await postJson(infer, input([i]), asynchronous);
    const first = await getJson(`${server.url}/v2/jobs?limit=2`);
    assert.equal((first.body.jobs as unknown[]).length, 2);
    const second = await getJson(`${server.url}/v2/jobs?limit=2&after=${String(first.body.next)}`);
    assert.equal((second.body.jobs as unknown[]).length, 2);
    for (const query of ['limit=0', 'limit=501', 'limit=x', 'after=x']) {
      const refused = await getJson(`${server.url}/v2/jobs?${query}`);
      assert.equal(refused.status, 400, query);
      assert.equal(refused.body.code, 'FIELD_INVALID');
    }
  });

  it('makes one job of requests with the same key', async () => {
    const key = { ...asynchronous, 'idempotency-key': `"${randomUUID()}"` };
    const answers = await Promise.all([1, 2, 3].map(() => postJson(infer, input([7]), key)));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [202, 202, 202],
    );
    assert.equal(new Set(answers.map(({ body }) => body.id)).size, 1);
    const replayed = answers.filter(
      ({ headers }) => headers.get('idempotency-replayed') === 'true',
    );
    assert.equal(replayed.length, 2);
    const other = await postJson(infer, input([8]), key);
    assert.equal(other.status, 422);
    assert.equal(other.body.code, 'IDEMPOTENCY_MISMATCH');
  });

  it('makes one job of them whatever headers of the way they carry', async () => {
    const key = { ...asynchronous, 'idempotency-key': `"${randomUUID()}"` };
    const traced = (digit: string): Record<string, string> => ({
      ...key,
      traceparent: `00-${digit.repeat(32)}-${digit.repeat(16)}-01`,
    });
    const first = await postJson(infer, input([7]), traced('a'));
    const retried = await postJson(infer, input([7]), traced('b'));
    const uncached = await postJson(infer, input([7]), { ...key, 'cache-control': 'no-cache' });
    for (const answer of [retried, uncached]) {
      assert.equal(answer.status, 202);
      assert.equal(answer.headers.get('idempotency-replayed'), 'true');
      assert.equal(answer.body.id, first.body.id);
    }
  });

  it('is off where no store is configured, and says what to do', async () => {
    const plain = await startTestServer(repository.folder);
    const expected =
      'This server keeps no jobs, which "Prefer: respond-async" needs; set "jobs.folder" or "jobs.redis" in its configuration';
    const refused = await postJson(`${plain.url}/v2/models/same/infer`, input([1]), asynchronous);
    assert.equal(refused.status, 501);
    assert.equal(refused.body.error, expected);
    assert.equal((await getJson(`${plain.url}/v2/jobs`)).body.code, 'JOBS_OFF');
    await plain.server.close();
  });

  it('goes on with what was waiting when it was stopped', async () => {
    const own = mkdtempSync(join(tmpdir(), 'manara-jobs-'));
    const options = { jobs: { folder: own, concurrency: 1 } };
    const first = await startTestServer(repository.folder, options);
    const slow = await postJson(`${first.url}/v2/models/slow/infer`, slowInput(300), asynchronous);
    const accepted = await postJson(`${first.url}/v2/models/same/infer`, input([4]), asynchronous);
    assert.equal(await first.server.drain(), true);
    const second = await startTestServer(repository.folder, options);
    const url = second.url + String(accepted.body.status_url);
    while ((await getJson(url)).body.state !== 'succeeded') await setTimeout(10);
    const result = await getJson(`${url}/result`);
    assert.deepEqual((result.body.outputs as readonly { data: unknown }[])[0]?.data, [4]);
    assert.equal(
      (await getJson(second.url + String(slow.body.status_url))).body.state,
      'succeeded',
    );
    await second.server.close();
    rmSync(own, { recursive: true });
  });
});
