import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { treeCpuMicros, treeOf } from '../bench/peers/process-tree';

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
