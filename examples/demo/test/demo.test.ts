import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';

// Compiled tests run in `examples/demo/build/test`.
const root = resolve(__dirname, '..', '..', '..', '..');

function startDemo(...args: readonly string[]) {
  return spawn(process.execPath, [join(root, 'scripts', 'demo.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: root,
  });
}

async function runDemo(...args: readonly string[]) {
  const child = startDemo(...args);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { stdout, stderr, code };
}

describe('npm run demo', function () {
  this.timeout(60_000);

  it('goes the whole way, checks every answer and leaves nothing running', async () => {
    const { stdout, stderr, code } = await runDemo();
    assert.equal(stderr, '');
    assert.equal(code, 0);

    for (const site of ['aws-me-central-1', 'azure-uaenorth']) {
      assert.match(stdout, new RegExp(`^ {3}examples/uae-bank/dist/${site}/$`, 'm'));
      assert.ok(existsSync(join(root, 'examples', 'uae-bank', 'dist', site, 'fraud.yaml')));
    }
    assert.match(stdout, /^ {3}compliant: none of \d+ data flows leaves aws:me-central-1 and/m);
    assert.match(stdout, /^ {3}log flow of uae-bank\/fraud: .*gcp:europe-west3/m);
    for (const line of ['rule', 'source', 'fix']) {
      assert.match(stdout, new RegExp(`^ {5}${line} +\\S`, 'm'));
    }
    const rows = [...stdout.matchAll(/^ {3}(\S+) +(\d) +(REST|gRPC) (\w+) +[\d.]+ ms {2}✓ /gm)];
    assert.deepEqual(
      rows.map(([, ...cells]) => cells.join(' ')),
      [
        'fraud 1 REST JSON',
        'fraud 2 REST JSON',
        'fraud 1 REST binary',
        'fraud 2 REST binary',
        'fraud 1 gRPC typed',
        'fraud 2 gRPC raw',
        'document-reader 1 REST binary',
        'document-reader 1 gRPC raw',
      ],
    );
    const address = /REST (http:\S+),/.exec(stdout)?.[1] ?? '';
    await assert.rejects(fetch(`${address}/v2`), /fetch failed/);
  });

  for (const [signal, means] of [
    ['SIGINT', 'Ctrl-C'],
    ['SIGHUP', 'its terminal closes'],
  ] as const) {
    it(`keeps serving with --keep, prints lines that work, and ends when ${means}`, () =>
      keepsUntil(signal));
  }

  async function keepsUntil(signal: NodeJS.Signals): Promise<void> {
    const child = startDemo('--keep');
    const exit = once(child, 'exit') as Promise<[number | null]>;
    let output = '';
    const lastLine = /^curl -s \S+\/metrics$/m;
    const ended = exit.then(([code]) => {
      throw new Error(`the demo ended with code ${code ?? 'none'}:\n${output}`);
    });
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    while (!lastLine.test(output)) await Promise.race([once(child.stdout, 'data'), ended]);
    ended.catch(() => undefined);
    const curl = /^curl .*infer .*$/m.exec(output)?.[0] ?? '';
    const answer = execFileSync('sh', ['-c', curl], { encoding: 'utf8' });
    assert.match(answer, /"model_name":"fraud","model_version":"2"/);
    assert.match(output, /^grpcurl -plaintext -import-path runtime\/proto .*\/ModelInfer$/m);
    child.kill(signal);
    assert.deepEqual((await exit)[0], 0);
  }

  it('refuses an argument that it does not know with 2', async () => {
    const { stdout, stderr, code } = await runDemo('--fast');
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.equal(stderr, 'usage: npm run demo [-- --keep]; received --fast\n');
  });
});
