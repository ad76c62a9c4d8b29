import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { watchTree } from '../pulumi/tree-cost';

/** Computes for a fifth of a second of CPU and holds 200 MiB until its input ends. */
const busy = `
  const held = Buffer.alloc(200 * 2 ** 20, 1);
  while (process.cpuUsage().user < 2e5);
  console.log('ready');
  process.stdin.on('end', () => process.exit(held[0] - 1)).resume();
`;

/** Starts it twice, with its own input and output. */
const twice = `
  const { spawn } = require('node:child_process');
  for (const n of [1, 2]) spawn(process.execPath, ['-e', ${JSON.stringify(busy)}], { stdio: 'inherit' });
`;

describe('watchTree', function () {
  this.timeout(60_000);

  it('tells what each process of a tree used, and the most that they held together', async function () {
    if (!existsSync('/proc/self/stat')) return this.skip();
    const parent = spawn(process.execPath, ['-e', twice], { stdio: ['pipe', 'pipe', 'inherit'] });
    const costs = watchTree(parent.pid!);
    const lines = createInterface({ input: parent.stdout })[Symbol.asyncIterator]();
    for (const n of [1, 2]) assert.equal((await lines.next()).value, 'ready', `child ${n}`);
    await delay(200);
    parent.stdin.end();
    await once(parent, 'exit');

    const { peakMebibytes, processes } = costs();
    assert.equal(processes.length, 3);
    const children = processes.filter(({ peakMebibytes: peak }) => peak > 200);
    assert.equal(children.length, 2);
    for (const { cpuSeconds, peakMebibytes: peak } of children) {
      assert.ok(cpuSeconds >= 0.2 && cpuSeconds < 5, `${cpuSeconds} s`);
      assert.ok(peak < 400, `${peak} MiB`);
    }
    assert.ok(peakMebibytes > 400 && peakMebibytes < 800, `${peakMebibytes} MiB`);
  });
});
