import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Bed, JobServer } from './served';
import { SmallDisk } from './small-disk';

const diskBytes = 12 * 1024 * 1024;
const resultTtlSeconds = 4;
/** Values of one request: some 200 KB as JSON. */
const count = 20_000;

describe('jobs on a full disk', function () {
  this.timeout(120_000);
  let bed: Bed;
  let disk: SmallDisk | undefined;
  let server: JobServer | undefined;

  before(async function () {
    bed = new Bed();
    disk = SmallDisk.mount(join(bed.folder, 'disk'), diskBytes);
    if (disk === undefined) this.skip();
    const jobs = { folder: disk.folder, resultTtlSeconds };
    server = await JobServer.start(bed, 'server', { jobs });
  });
  after(async () => {
    await server?.stop();
    disk?.unmount();
    bed.remove();
  });

  const body = (i: number): string => {
    const data = Array.from({ length: count }, (_, k) => i + k / 16);
    return JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [count], data }] });
  };
  const url = (): string => server?.url ?? '';
  const order = (i: number): Promise<Response> =>
    fetch(`${url()}/v2/models/quick/infer`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', prefer: 'respond-async' },
      body: body(i),
    });

  async function fill(): Promise<readonly string[]> {
    const ids: string[] = [];
    for (;;) {
      const answer = await order(ids.length);
      const said = (await answer.json()) as { readonly id: string; readonly code: string };
      if (answer.status !== 202) {
        assert.equal(answer.status, 507);
        assert.equal(said.code, 'JOB_STORE_FULL');
        assert.equal(answer.headers.get('retry-after'), '5');
        return ids;
      }
      ids.push(said.id);
      assert.ok(ids.length < 200, 'the disk does not fill');
    }
  }

  it('are refused when they are new, run when they are not, and accepted once there is room', async () => {
    for (let round = 0; round < 2; round++) {
      const ids = await fill();
      assert.ok(ids.length > 10, `${ids.length} accepted`);
      for (const [i, id] of ids.entries()) await whole(id, i);
      assert.equal(
        (
          await fetch(`${url()}/v2/models/quick/infer`, {
            method: 'POST',
            body: Buffer.from(body(0)),
          })
        ).status,
        200,
      );
      if (round === 0) {
        await server?.kill();
        await server?.restart();
      }
      // What has expired is taken away within five seconds.
      const end = Date.now() + 30_000;
      while ((await order(0)).status !== 202) {
        assert.ok(Date.now() < end, 'no room is made');
        await setTimeout(200);
      }
    }
  });

  /** An accepted job ends well, or its result has expired meanwhile; nothing is torn. */
  async function whole(id: string, i: number): Promise<void> {
    for (;;) {
      const { state } = (await (await fetch(`${url()}/v2/jobs/${id}`)).json()) as {
        readonly state: string;
      };
      if (state === 'expired') return;
      if (state === 'succeeded') break;
      assert.match(state, /queued|running/);
      await setTimeout(20);
    }
    const answer = await fetch(`${url()}/v2/jobs/${id}/result`);
    if (answer.status === 410) return;
    const { outputs } = (await answer.json()) as {
      readonly outputs: readonly { readonly data: readonly number[] }[];
    };
    assert.deepEqual(outputs[0]?.data.slice(0, 2), [i, i + 1 / 16]);
    assert.equal(outputs[0].data.length, count);
  }
});
