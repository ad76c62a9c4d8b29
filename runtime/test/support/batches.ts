import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';

export type Json = Readonly<Record<string, unknown>>;

export interface Ordered {
  readonly status: number;
  readonly body: Json;
}

/** A caller who orders batches. */
export class BatchCaller {
  /** @param headers - that each request carries. */
  constructor(
    readonly url: string,
    private readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  /** @param path - the model, `/batch` and a query. */
  async order(
    path: string,
    type: string,
    body: string | Uint8Array | object,
    extra: Readonly<Record<string, string>> = {},
  ): Promise<Ordered> {
    const isBytes = typeof body === 'string' || body instanceof Uint8Array;
    const answer = await fetch(`${this.url}/v2/models/${path}`, {
      method: 'POST',
      headers: { 'content-type': type, ...this.headers, ...extra },
      body: Buffer.from(isBytes ? body : JSON.stringify(body)),
    });
    return { status: answer.status, body: (await answer.json()) as Json };
  }

  /** The job of an order that names a file, once it is over. */
  async named(model: string, order: object): Promise<Json> {
    return this.ended(await this.order(`${model}/batch`, 'application/json', order));
  }

  /** The job once it is over. */
  async ended(accepted: Ordered): Promise<Json> {
    assert.equal(accepted.status, 202, JSON.stringify(accepted.body));
    for (;;) {
      const answer = await this.get(String(accepted.body.status_url));
      const job = (await answer.json()) as Json;
      if (!['queued', 'running'].includes(String(job.state))) return job;
      await setTimeout(10);
    }
  }

  async result(job: Json): Promise<Buffer> {
    assert.equal(job.state, 'succeeded', JSON.stringify(job.error));
    const answer = await this.get(String(job.result_url));
    assert.equal(answer.status, 200);
    return Buffer.from(await answer.arrayBuffer());
  }

  async lines(job: Json): Promise<readonly unknown[]> {
    const text = (await this.result(job)).toString().trimEnd();
    return text.split('\n').map((line) => JSON.parse(line) as unknown);
  }

  get(path: string): Promise<Response> {
    return fetch(this.url + path, { headers: this.headers });
  }
}
