import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { procFile } from '../support/process-stat';
import { killTree, treeCpuMicros, treeOf } from '../bench/peers/process-tree';

describe('treeOf', () => {
  it('has children and their children, and nobody else', () => {
    const parents = { 1: 0, 2: 1, 3: 1, 4: 3, 5: 4, 6: 2, 7: 1 };
    const table = new Map(
      Object.entries(parents).map(([pid, parent]) => [Number(pid), { parent }] as const),
    );
    assert.deepEqual([...treeOf(3, table)].sort(), [3, 4, 5]);
  });
});

describe('treeCpuMicros', () => {
  it('counts what a grandchild uses', async () => {
    const busy = 'const end = Date.now() + 300; while (Date.now() < end); console.log("done");';
    const script = `const { spawn } = require("child_process");
      spawn(process.execPath, ["-e", ${JSON.stringify(`${busy} setInterval(() => {}, 1000);`)}], { stdio: "inherit" });
      process.stdin.resume().on("end", () => process.kill(0, "SIGKILL"));`;
    const child = spawn(process.execPath, ['-e', script], {
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
    });
    const pid = child.pid ?? 0;
    const before = treeCpuMicros(pid);
    await once(child.stdout, 'data');
    const used = treeCpuMicros(pid) - before;
    const exited = once(child, 'exit');
    child.stdin.end();
    await exited;
    // Neighbours may take the core for a while, but not all of it.
    assert.ok(used > 50_000, `${used} µs`);
    assert.throws(() => treeCpuMicros(pid), /process \d+ has ended/);
  });
});

describe('killTree', () => {
  it('ends a grandchild too, and passes over what has ended', async () => {
    const script = `const child = require("child_process").spawn("sleep", ["60"]);
      console.log(child.pid);
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = child.pid ?? 0;
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const grandchild = Number(String(line));
    const exited = once(child, 'exit');
    killTree(pid);
    await exited;
    await until(() => !runs(grandchild));
    killTree(pid);
  });
});

/** A killed process that nobody has reaped yet has its name still, and no files. */
function runs(pid: number): boolean {
  return procFile(pid, 'cmdline') !== '';
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    assert.ok(tries < 100, 'still running after 5 s');
    await delay(50);
  }
}
