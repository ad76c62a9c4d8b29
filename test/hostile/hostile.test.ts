import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { quantile } from '../bench/table';
import { Chance } from '../support/chance';
import { Neighbour, neighbourModel } from '../support/neighbour';
import { type Holdings, holdingsOf, mebibytes } from '../support/process-memory';
import { ServerUnderTest } from '../support/server-under-test';
import * as grpc from './grpc-fuzz';
import * as abuse from './rest-abuse';
import { fuzzRest } from './rest-fuzz';
import type { Attack, Target } from './target';

/** Seconds of each group of attacks. */
const seconds = Number(process.env.MANARA_HOSTILE_SECONDS ?? 20);
const seed = Number(process.env.MANARA_SEED ?? 1);

const mebibyte = 2 ** 20;
const maxRequestBytes = 4 * mebibyte;
const maxBodyBytes = 64 * mebibyte;
const maxConnections = 1000;

/** Longer than it takes the server to ask whether a caller of gRPC is there. */
const settleSeconds = 45;

/** What allocators keep back, whatever happens; everything that is bounded by a key comes on top. */
const slackBytes = 64 * mebibyte;

/** What may stay of bodies that were under way: allocators give little of it back, and use it again. */
const keptBytes = slackBytes + maxBodyBytes;

const groups: Readonly<Record<string, readonly Attack[]>> = {
  'REST and the binary extension': [fuzzRest],
  gRPC: [grpc.fuzzGrpc],
  'callers of REST that take what they can': [
    abuse.slowSenders,
    abuse.announcedBodies,
    abuse.heldBodies,
    abuse.endlessBodies,
    abuse.zipBombs,
    abuse.headerFloods,
    abuse.slowReaders,
    abuse.halfClosed,
    abuse.idleConnections,
  ],
  'callers of gRPC that take what they can': [
    grpc.frameFloods,
    grpc.rapidReset,
    grpc.continuationFlood,
    grpc.closedWindows,
    grpc.unreadStreams,
    grpc.heldMessages,
    grpc.grpcZipBombs,
  ],
};

describe('hostile input', function () {
  this.timeout((seconds * 2 + 2 * settleSeconds + 60) * 1000);
  let server: ServerUnderTest;

  before(async () => {
    server = await ServerUnderTest.start({
      models: { [neighbourModel.name]: neighbourModel.file },
      config: { maxRequestBytes, maxBodyBytes, maxConnections },
    });
  });
  after(async () => {
    assert.equal(await server.stop(), 0, server.stderr);
  });

  for (const [title, attacks] of Object.entries(groups)) {
    it(`${title}: no crash, no hang, no growth, no wrong answer to a neighbour`, async () => {
      const { httpPort, grpcPort } = server;
      const wrong: string[] = [];
      let seen = 0;
      const target: Target = {
        httpPort,
        grpcPort,
        maxRequestBytes,
        chance: new Chance(seed),
        saw: (status, what) => {
          seen++;
          if (status >= 500 && status !== 503 && status !== 504) wrong.push(`${status}: ${what}`);
        },
      };
      const idle = await answersAlone(httpPort, grpcPort);
      const neighbour = new Neighbour(httpPort, grpcPort);
      neighbour.start();
      await setTimeout(500);
      const alone = holdingsOf(server.pid);
      let highest = 0;
      const attackFor = async (millis: number): Promise<void> => {
        const end = performance.now() + millis;
        for (let i = 0; i < attacks.length || performance.now() < end; i++) {
          await attacks[i % attacks.length]?.(target);
          assert.ok(server.isAlive, server.ended);
          highest = Math.max(highest, holdingsOf(server.pid).rssBytes);
        }
      };
      // What is allocated once and kept is not growth, nor is the scatter that an allocator comes to.
      await attackFor(seconds * 250);
      const before = await settled(alone);
      await attackFor(seconds * 750);
      const after = await settled(before);
      await neighbour.stop();
      const slowest = Math.max(...neighbour.healthMillis);
      console.log(
        `      ${seen} connections; neighbour ${neighbour.answered} answered, ${neighbour.refused} refused; health p99 ${quantile(neighbour.healthMillis, 0.99).toFixed(0)} ms, slowest ${slowest.toFixed(0)} (alone ${idle.toFixed(0)}); memory ${mebibytes(before.rssBytes)}, at most ${mebibytes(highest)}, then ${mebibytes(after.rssBytes)}; handles ${before.handles}, then ${after.handles}`,
      );
      assert.deepEqual(wrong, []);
      assert.deepEqual(neighbour.faults, []);
      assert.ok(neighbour.answered > seconds, `the neighbour had ${neighbour.answered} answers`);
      assert.ok(slowest < 2000 + 20 * idle, `health took ${slowest.toFixed(0)} ms`);
      assert.ok(after.rssBytes - before.rssBytes < keptBytes, 'memory has grown');
      assert.ok(
        highest - before.rssBytes < slackBytes + 2 * maxBodyBytes,
        'memory was not bounded',
      );
      assert.ok(after.handles <= before.handles + 10, 'handles are left open');
    });
  }

  /** What the server holds once it has noticed who is gone, and given memory back. */
  async function settled(before: Holdings): Promise<Holdings> {
    let now = holdingsOf(server.pid);
    for (let waited = 0; waited < settleSeconds; waited++) {
      const { handles, rssBytes } = now;
      if (handles <= before.handles + 2 && rssBytes < before.rssBytes + keptBytes) break;
      await setTimeout(1000);
      now = holdingsOf(server.pid);
    }
    return now;
  }

  /** The slowest health answer of a neighbour that has the server for itself. */
  async function answersAlone(httpPort: number, grpcPort: number): Promise<number> {
    const neighbour = new Neighbour(httpPort, grpcPort);
    neighbour.start();
    await setTimeout(1000);
    await neighbour.stop();
    assert.deepEqual(neighbour.faults, []);
    return Math.max(...neighbour.healthMillis);
  }
});
