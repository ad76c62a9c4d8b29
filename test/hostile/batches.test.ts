import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { batchBombs } from '@manara/runtime/build/test/support/batch-bombs';
import { BatchCaller, type Json } from '@manara/runtime/build/test/support/batches';
import { Neighbour, neighbourModel } from '../support/neighbour';
import { childrenOf } from '../support/process-children';
import { holdingsOf, mebibytes } from '../support/process-memory';
import { ServerUnderTest } from '../support/server-under-test';

const mebibyte = 2 ** 20;

/** What the process that reads a file may hold, and what it gains while it is looked at and ended. */
const readerBytes = (768 + 512) * mebibyte;

/** The server itself holds a slice of rows, and what its allocators keep. */
const serverBytes = 192 * mebibyte;

/** Times that all files are sent. */
const rounds = Number(process.env.MANARA_HOSTILE_BATCHES ?? 1);

describe('hostile batch files', function () {
  this.timeout((60 + rounds * 60) * 1000);
  const folder = mkdtempSync(join(tmpdir(), 'manara-hostile-'));
  let server: ServerUnderTest;

  before(async () => {
    server = await ServerUnderTest.start({
      models: { [neighbourModel.name]: neighbourModel.file },
      config: { jobs: { folder } },
    });
  });
  after(async () => {
    assert.equal(await server.stop(), 0, server.stderr);
    rmSync(folder, { recursive: true });
  });

  it('no crash, no growth, no wrong answer to a neighbour, no process left behind', async () => {
    const neighbour = new Neighbour(server.httpPort, server.grpcPort);
    neighbour.start();
    await setTimeout(500);
    const before = holdingsOf(server.pid);
    const highest = { server: 0, reader: 0 };
    const look = setInterval(() => {
      highest.server = Math.max(highest.server, rssOf(server.pid));
      for (const child of childrenOf(server.pid)) {
        highest.reader = Math.max(highest.reader, rssOf(child));
      }
    }, 10);
    const caller = new BatchCaller(`http://127.0.0.1:${server.httpPort}`);
    for (let round = 0; round < rounds; round++) {
      for (const { name, type, make, expected } of batchBombs) {
        const path = `${neighbourModel.name}/batch`;
        const job = await caller.ended(await caller.order(path, type, await make()));
        const error = job.error as Json | undefined;
        assert.match(String(error?.error), expected, name);
        assert.equal(job.attempts, 1, name);
      }
    }
    clearInterval(look);
    await neighbour.stop();
    while (childrenOf(server.pid).length > 0) await setTimeout(10);
    const after = holdingsOf(server.pid);
    console.log(
      `      neighbour ${neighbour.answered} answered; server ${mebibytes(before.rssBytes)}, at most ${mebibytes(highest.server)}; readers at most ${mebibytes(highest.reader)}`,
    );
    assert.ok(server.isAlive, server.ended);
    assert.deepEqual(neighbour.faults, []);
    assert.ok(neighbour.answered > 10, `the neighbour had ${neighbour.answered} answers`);
    assert.ok(highest.server - before.rssBytes < serverBytes, 'the memory of the server has grown');
    assert.ok(highest.reader > 0, 'no reader was seen');
    assert.ok(highest.reader < readerBytes, 'the memory of a reader was not bounded');
    assert.ok(after.handles <= before.handles + 10, 'handles are left open');
  });
});

/** 0 for a process that has ended meanwhile. */
function rssOf(pid: number): number {
  try {
    return holdingsOf(pid).rssBytes;
  } catch {
    return 0;
  }
}
