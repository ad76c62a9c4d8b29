import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { headers, path, routes } from '@manara/contract';
import { insist } from './insist';

/** Rows of a file: some seconds of work. */
const count = 30_000;

/** Milliseconds that a batch may take, with all that befalls it: a lost server's lease among it. */
const patience = 120_000;

interface Seen {
  readonly state: string;
  readonly error?: { readonly code: string };
}

/** A caller that orders one batch after the other, and looks at what comes of each. */
export class Batches {
  readonly ids: string[] = [];
  /** Those that found no room on a full disk, and said so. */
  noRoom = 0;
  private readonly work: Promise<void>;
  private readonly written: string[] = [];
  private stopped = false;

  /**
   * @param url - gives the server to ask next.
   * @param folders - of the files that batches read and write.
   */
  constructor(
    private readonly url: () => string,
    private readonly folders: { readonly input: string; readonly output: string },
    private readonly mayFindNoRoom: boolean,
  ) {
    for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folders.input, 'rows.jsonl'),
      rows((i) => `{"x":${i}}\n`),
    );
    this.work = this.orderAll();
    this.work.catch(() => undefined);
  }

  /** Waits for the last one, and for one that goes well. @throws AssertionError where one was lost, or wrote half a file */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.work;
    assert.deepEqual(readdirSync(this.folders.output).sort(), this.written.sort());
  }

  private async orderAll(): Promise<void> {
    for (let i = 0; !this.stopped || this.written.length === 0; i++) {
      const output = `${i}.${i % 3 === 2 ? 'csv' : 'jsonl'}`;
      const job = await insist(() => this.url() + target(i, output), order(i, output));
      this.ids.push(job);
      const { state, error } = await this.over(job);
      const isThere = readdirSync(this.folders.output).includes(output);
      if (isThere) {
        this.written.push(output);
        assert.equal(readFileSync(join(this.folders.output, output), 'utf8'), answer(output));
      }
      if (state === 'succeeded') {
        assert.ok(isThere, output);
        assert.equal(await this.result(job), answer(output));
      } else {
        assert.deepEqual([state, error?.code], ['failed', 'JOB_STORE_FULL'], output);
        assert.ok(this.mayFindNoRoom, output);
        this.noRoom++;
      }
    }
  }

  private async over(job: string): Promise<Seen> {
    for (const end = Date.now() + patience; ;) {
      const seen = await this.ask(path(routes.job, { job }));
      const { state = '' } = seen === undefined ? {} : (JSON.parse(seen) as Seen);
      if (seen !== undefined && !/queued|running/.test(state)) return JSON.parse(seen) as Seen;
      assert.ok(Date.now() < end, `a batch is ${state} after ${patience} ms`);
      await setTimeout(100);
    }
  }

  private async result(job: string): Promise<string> {
    for (;;) {
      const text = await this.ask(path(routes.jobResult, { job }));
      if (text !== undefined) return text;
      await setTimeout(100);
    }
  }

  /** @returns `undefined` where the server, or its store, is away */
  private async ask(target: string): Promise<string | undefined> {
    try {
      const answer = await fetch(this.url() + target, { signal: AbortSignal.timeout(10_000) });
      if (answer.status === 503) return undefined;
      assert.equal(answer.status, 200, target);
      return await answer.text();
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      return undefined;
    }
  }
}

/** Every second one uploads its file. */
function target(i: number, output: string): string {
  return path(routes.modelBatch, { model: 'quick' }) + (i % 2 === 0 ? `?output=${output}` : '');
}

function order(i: number, output: string): RequestInit {
  const isUpload = i % 2 === 0;
  return {
    method: 'POST',
    headers: {
      'content-type': isUpload ? 'application/x-ndjson' : 'application/json',
      [headers.idempotencyKey]: `"batch-${i}"`,
    },
    body: isUpload
      ? rows((row) => `{"x":${row}}\n`)
      : JSON.stringify({ input: 'rows.jsonl', output }),
  };
}

/** Every row answered once, in the order of the input. */
function answer(output: string): string {
  return output.endsWith('.csv') ? `y\r\n${rows((i) => `${i}\r\n`)}` : rows((i) => `{"y":${i}}\n`);
}

function rows(text: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => text(i)).join('');
}
