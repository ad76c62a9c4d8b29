import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { path, routes } from '@manara/contract';

const count = 200_000;

/** Orders a batch that takes longer than a server lives in this suite. @returns the job's id */
export async function orderBatch(url: string): Promise<string> {
  const body = Array.from({ length: count }, (_, i) => `{"x":${i}}`).join('\n');
  const headers = { 'content-type': 'application/x-ndjson' };
  const target = url + path(routes.modelBatch, { model: 'quick' });
  const answer = await fetch(target, { method: 'POST', headers, body });
  assert.equal(answer.status, 202);
  return ((await answer.json()) as { readonly id: string }).id;
}

/** Every row was answered once, in the order of the input. */
export async function checkBatch(url: string, job: string, seconds: number): Promise<void> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await fetch(url + path(routes.job, { job }));
    const { state } = (await answer.json()) as { readonly state: string };
    if (state === 'succeeded') break;
    assert.match(state, /queued|running/);
    assert.ok(Date.now() < end, 'the batch is still under way');
    await setTimeout(100);
  }
  const result = await fetch(url + path(routes.jobResult, { job }));
  const lines = (await result.text()).trimEnd().split('\n');
  assert.equal(lines.length, count);
  for (const [i, line] of lines.entries()) assert.equal(line, `{"y":${i}}`);
}
