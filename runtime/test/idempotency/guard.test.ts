import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { Metadata } from '@grpc/grpc-js';
import { anonymous, type CallTerms } from '../../src/call';
import { IdempotencyGuard } from '../../src/idempotency/guard';
import { MemoryAnswers } from '../../src/idempotency/memory-answers';
import { TestGrpcClient } from '../support/grpc-client';
import { postJson } from '../support/http-client';
import { addConstant, identity } from '../support/models';
import { startTestServer, type TestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';

function terms(key: string | undefined, id = ''): CallTerms {
  const left = new AbortController().signal;
  return { caller: { ...anonymous, id }, left, header: () => key };
}

describe('IdempotencyGuard', () => {
  let runs: number;
  let guard: IdempotencyGuard;
  const act = (): Promise<number> => Promise.resolve(++runs);
  const run = (key: string | undefined, print = 'p', caller = ''): ReturnType<typeof guard.run> =>
    guard.run(terms(key, caller), () => [print], act);

  beforeEach(() => {
    runs = 0;
    guard = new IdempotencyGuard(new MemoryAnswers(10_000), 60);
  });

  it('runs each request without a key, and asks for no fingerprint', async () => {
    const unasked = (): never => assert.fail('asked');
    for (const value of [1, 2]) {
      const guarded = await guard.run(terms(undefined), unasked, act);
      assert.deepEqual(guarded, { value, isReplay: false });
    }
  });

  it('runs one of the same key, quoted or not, and answers the others with its answer', async () => {
    assert.deepEqual(await run('k'), { value: 1, isReplay: false });
    assert.deepEqual(await run('"k"'), { value: 1, isReplay: true });
    assert.deepEqual(await run('l'), { value: 2, isReplay: false });
  });

  it('keeps callers apart', async () => {
    await run('k', 'p', 'ann');
    assert.deepEqual(await run('k', 'p', 'bob'), { value: 2, isReplay: false });
  });

  it('refuses another request of the same key', async () => {
    await run('k');
    await assert.rejects(run('k', 'q'), { code: 'IDEMPOTENCY_MISMATCH', httpStatus: 422 });
  });

  it('refuses a request whose first is under way', async () => {
    let finish = (): void => undefined;
    const slow = guard.run(
      terms('k'),
      () => ['p'],
      () => new Promise<void>((resolve) => (finish = resolve)),
    );
    await setTimeout(1);
    await assert.rejects(run('k'), { code: 'IDEMPOTENCY_BUSY', httpStatus: 409 });
    finish();
    assert.equal((await slow).isReplay, false);
  });

  it('keeps no failure', async () => {
    const failing = guard.run(
      terms('k'),
      () => ['p'],
      () => Promise.reject(new Error('no')),
    );
    await assert.rejects(failing, { message: 'no' });
    assert.deepEqual(await run('k'), { value: 1, isReplay: false });
  });

  it('lets the oldest of whoever has most go where there is no room', async () => {
    guard = new IdempotencyGuard(new MemoryAnswers(2000), 60);
    await run('a', 'p', 'bob');
    for (const key of ['a', 'b', 'c']) await run(key);
    assert.deepEqual(await run('c'), { value: 4, isReplay: true });
    assert.deepEqual(await run('a', 'p', 'bob'), { value: 1, isReplay: true });
    assert.deepEqual(await run('a'), { value: 5, isReplay: false });
  });

  it('takes no request for lost that is still under way, however long that is', async () => {
    guard = new IdempotencyGuard(new MemoryAnswers(10_000), 60, 60);
    const slow = guard.run(
      terms('k'),
      () => ['p'],
      () => setTimeout(300, 'done'),
    );
    for (let i = 0; i < 3; i++) {
      await setTimeout(80);
      await assert.rejects(run('k'), { code: 'IDEMPOTENCY_BUSY' });
    }
    assert.deepEqual(await slow, { value: 'done', isReplay: false });
    assert.equal((await run('k')).value, 'done');
    assert.equal(runs, 0);
  });

  it('forgets no request under way to make room', async () => {
    guard = new IdempotencyGuard(new MemoryAnswers(600), 60);
    let finish = (): void => undefined;
    const slow = guard.run(
      terms('k'),
      () => ['p'],
      () => new Promise<void>((resolve) => (finish = resolve)),
    );
    for (const key of ['a', 'b', 'c']) await run(key);
    await assert.rejects(run('k'), { code: 'IDEMPOTENCY_BUSY' });
    finish();
    await slow;
  });

  for (const key of ['', '""', 'a"b', 'é', 'x'.repeat(256)]) {
    it(`refuses the key ${JSON.stringify(key.slice(0, 10))} of ${key.length} characters`, async () => {
      await assert.rejects(run(key), { code: 'HEADER_INVALID' });
    });
  }
});

describe('an idempotency key', () => {
  let repository: TemporaryRepository;
  let server: TestServer;
  const values = { inputs: [{ name: 'x', datatype: 'FP32', shape: [1], data: [1] }] };

  before(async () => {
    repository = new TemporaryRepository();
    repository.add('same', 1, identity('FP32'));
    repository.add('add', 1, addConstant(1));
    server = await startTestServer(repository.folder, {
      controlMode: 'explicit',
      loadModels: ['*'],
    });
  });
  after(async () => {
    await server.server.close();
    repository.remove();
  });

  it('gives the first answer again over REST, though the model has changed since', async () => {
    const key = { 'idempotency-key': '"r1"' };
    const url = `${server.url}/v2/models/add`;
    const first = await postJson(`${url}/infer`, values, key);
    assert.equal(first.headers.get('idempotency-replayed'), null);
    repository.add('add', 2, addConstant(2));
    const load = `${server.url}/v2/repository/models/add/load`;
    assert.equal((await postJson(load, undefined, { 'idempotency-key': 'l1' })).status, 200);
    const again = await postJson(`${url}/infer`, values, key);
    assert.equal(again.headers.get('idempotency-replayed'), 'true');
    assert.deepEqual(again.body, first.body);
    assert.equal((await postJson(`${url}/infer`, values)).body.model_version, '2');
    const repeated = await postJson(load, undefined, { 'idempotency-key': 'l1' });
    assert.equal(repeated.headers.get('idempotency-replayed'), 'true');
    const other = await postJson(`${server.url}/v2/models/same/infer`, values, key);
    assert.equal(other.status, 422);
    assert.equal(other.body.code, 'IDEMPOTENCY_MISMATCH');
  });

  it('is the same over gRPC', async () => {
    const client = new TestGrpcClient(server.grpc);
    const metadata = new Metadata();
    metadata.set('idempotency-key', 'g1');
    const request = (value: number): Record<string, unknown> => ({
      model_name: 'same',
      inputs: [{ name: 'x', datatype: 'FP32', shape: [1], contents: { fp32_contents: [value] } }],
    });
    const first = await client.callWith('ModelInfer', request(1), metadata);
    assert.equal(first.metadata.get('idempotency-replayed').length, 0);
    const again = await client.callWith('ModelInfer', request(1), metadata);
    assert.deepEqual(again.metadata.get('idempotency-replayed'), ['true']);
    assert.deepEqual(again.answer, first.answer);
    await assert.rejects(client.callWith('ModelInfer', request(2), metadata), {
      details:
        'The idempotency key "g1" was sent with another request before; use a new key for a new request',
    });
    client.close();
  });
});
