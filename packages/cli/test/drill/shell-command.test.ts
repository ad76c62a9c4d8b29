import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInShell } from '../../src/drill/shell-command';
import { temporaryFolder } from '../support/folders';
import { untilGone } from '../support/processes';

async function run(command: string, signal = new AbortController().signal) {
  let output = '';
  const code = await runInShell(command, { signal, onOutput: (text) => (output += text) });
  return { code, output };
}

describe('runInShell', () => {
  it('gives the exit code and both outputs', async () => {
    const { code, output } = await run('echo one; echo two >&2; exit 3');
    assert.equal(code, 3);
    assert.deepEqual(output.trim().split('\n').sort(), ['one', 'two']);
  });

  it('does not wait for what the command leaves behind', async () => {
    const pidFile = join(temporaryFolder(), 'pid');
    const began = performance.now();
    assert.equal((await run(`sleep 60 & echo $! > ${pidFile}`)).code, 0);
    assert.ok(performance.now() - began < 5_000);
    process.kill(Number(readFileSync(pidFile, 'utf8')));
  });

  it('ends the command and what it has started, when it is told to', async () => {
    const pidFile = join(temporaryFolder(), 'pid');
    const { code } = await run(`sleep 60 & echo $! > ${pidFile}; wait`, AbortSignal.timeout(300));
    assert.equal(code, 128 + 15);
    await untilGone(Number(readFileSync(pidFile, 'utf8')));
  });
});
