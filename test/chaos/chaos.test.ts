import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { slowOnDemand } from '@manara/runtime/build/test/support/models';
import { TemporaryRepository } from '@manara/runtime/build/test/support/temporary';
import { Chance } from '../support/chance';
import { freePorts } from '../support/free-ports';
import { Neighbour, neighbourModel } from '../support/neighbour';
import { procFile } from '../support/process-stat';
import { ServerUnderTest } from '../support/server-under-test';

/** How often the server is lost. */
const losses = Number(process.env.MANARA_CHAOS_LOSSES ?? 4);
const seed = Number(process.env.MANARA_SEED ?? 1);

/** The supervisor gives up where a server is lost five times within a minute. */
const pauseMillis = losses < 5 ? 1000 : 15_500;

const endless = { name: 'endless', file: slowOnDemand(200) } as const;
const models = { [neighbourModel.name]: neighbourModel.file, [endless.name]: endless.file };

type Blow = 'SIGKILL' | 'SIGABRT' | 'endless runs';

describe('a supervised server', function () {
  this.timeout((losses * 30 + 60) * 1000);

  it(`lost ${losses} times under load, is back as fast as it starts, and never answers wrongly`, async () => {
    const ports = await freePorts(3);
    const options = {
      models,
      ports: [ports[0] ?? 0, ports[1] ?? 0, ports[2] ?? 0],
      config: { supervise: true, workers: 2, runTimeoutSeconds: 1 },
    } as const;
    const begun = performance.now();
    const server = await ServerUnderTest.start(options);
    const startMillis = performance.now() - begun;
    const neighbours = [1, 2].map(() => new Neighbour(server.httpPort, server.grpcPort, true));
    for (const neighbour of neighbours) neighbour.start(5);
    const chance = new Chance(seed);
    const seen = new Set([server.pid, childOf(server.pid)]);
    const found: string[] = [];
    for (let loss = 0; loss < losses; loss++) {
      await setTimeout(200 + chance.integer(1000));
      const blow = loss < 3 ? kinds[loss] : chance.pick(kinds);
      const lost = childOf(server.pid);
      const answeredBefore = neighbours.map(({ answered }) => answered);
      await strike(blow ?? 'SIGKILL', server.httpPort, lost);
      const lostAt = performance.now();
      await server.listening(loss + 1);
      const millis = performance.now() - lostAt;
      seen.add(childOf(server.pid));
      found.push(`${blow ?? ''} ${millis.toFixed(0)} ms`);
      assert.ok(
        millis < 2 * startMillis + 500,
        `back after ${millis.toFixed(0)} ms; a start takes ${startMillis.toFixed(0)}`,
      );
      await setTimeout(pauseMillis);
      for (const [i, { answered }] of neighbours.entries()) {
        assert.ok(answered > (answeredBefore[i] ?? 0), 'nothing is answered after the loss');
      }
    }
    for (const neighbour of neighbours) await neighbour.stop();
    assert.equal(await server.stop(), 0, server.stderr);
    const answered = neighbours.reduce((sum, neighbour) => sum + neighbour.answered, 0);
    const cut = neighbours.reduce((sum, neighbour) => sum + neighbour.cut, 0);
    console.log(
      `      back after: ${found.join(', ')} (a start takes ${startMillis.toFixed(0)} ms); ${answered} answers, ${cut} cut short`,
    );
    assert.deepEqual(
      neighbours.flatMap(({ faults }) => faults),
      [],
    );
    assert.equal(server.stderr, '');
    for (const pid of seen) assert.ok(!existsSync(`/proc/${pid}`), `process ${pid} is left`);
  });

  it('answers while the disk that its log goes to is full', async function () {
    if (!existsSync('/dev/full')) this.skip();
    const [http = 0, grpc = 0, metrics = 0] = await freePorts(3);
    const repository = new TemporaryRepository();
    for (const [name, file] of Object.entries(models)) repository.add(name, 1, file);
    const full = openSync('/dev/full', 'w');
    const child = spawn(
      process.execPath,
      [
        require.resolve('@manara/runtime/build/src/main.js'),
        ...['--model-repository', repository.folder, '--log-verbose', '1'],
        ...[
          '--http-port',
          String(http),
          '--grpc-port',
          String(grpc),
          '--metrics-port',
          String(metrics),
        ],
      ],
      { stdio: ['ignore', full, full] },
    );
    const exited = once(child, 'exit');
    try {
      await until(() => isReady(http));
      const neighbour = new Neighbour(http, grpc);
      neighbour.start(2);
      await setTimeout(3000);
      await neighbour.stop();
      assert.deepEqual(neighbour.faults, []);
      assert.ok(neighbour.answered > 100, `${neighbour.answered} answers`);
    } finally {
      child.kill('SIGTERM');
      await exited;
      repository.remove();
    }
    assert.equal(child.exitCode, 0);
  });
});

const kinds: [Blow, ...Blow[]] = ['SIGKILL', 'SIGABRT', 'endless runs'];

/** Resolves once the process is gone. */
async function strike(blow: Blow, httpPort: number, pid: number): Promise<void> {
  if (blow === 'endless runs') {
    for (let i = 0; i < 4; i++) void askEndless(httpPort);
  } else {
    process.kill(pid, blow);
  }
  await until(() => Promise.resolve(!existsSync(`/proc/${pid}`)));
}

/** Asks for what takes hours. */
async function askEndless(httpPort: number): Promise<void> {
  const inputs = [
    { name: 'x', datatype: 'FP32', shape: [1, 1], data: [1] },
    { name: 'shape', datatype: 'INT64', shape: [2], data: [6000, 6000] },
  ];
  const url = `http://127.0.0.1:${httpPort}/v2/models/${endless.name}/infer`;
  const headers = { 'content-type': 'application/json' };
  await fetch(url, { method: 'POST', headers, body: JSON.stringify({ inputs }) }).catch(
    () => undefined,
  );
}

function childOf(pid: number): number {
  const [child] = procFile(pid, `task/${pid}/children`).split(' ').map(Number);
  if (child === undefined || child === 0) throw new Error(`process ${pid} has no child`);
  return child;
}

async function isReady(httpPort: number): Promise<boolean> {
  const ready = fetch(`http://127.0.0.1:${httpPort}/v2/health/ready`);
  return ready.then(
    ({ ok }) => ok,
    () => false,
  );
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 30_000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error('nothing came of it within 30 s');
    await setTimeout(10);
  }
}
