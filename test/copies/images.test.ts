import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bedBinaries } from '../bed/binaries';
import { Child } from '../support/child';
import { freePorts } from '../support/free-ports';
import { containersOf, jobOf } from './jobs';
import { twoSites } from './two-sites';

/** The job that a stack synthesizes, with the real copier between two real registries. */
describe('copies of images', function () {
  this.timeout(60_000);
  let folder: string;
  let crane: string;
  const registries: Child[] = [];
  let prefixes: readonly [source: string, target: string];

  before(async function () {
    this.timeout(0);
    const binaries = bedBinaries('crane');
    if (binaries === undefined) return this.skip();
    crane = binaries.crane;
    folder = mkdtempSync(join(tmpdir(), 'manara-copies-'));
    const ports = await freePorts(2);
    for (const port of ports) registries.push(await registry(port));
    prefixes = [`127.0.0.1:${ports[0]}/serving`, `127.0.0.1:${ports[1]}/serving`];
  });

  after(async () => {
    for (const child of registries) await child.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function registry(port: number): Promise<Child> {
    const address = `127.0.0.1:${port}`;
    const logFile = join(folder, `registry-${port}.log`);
    const child = Child.start('registry', crane, ['registry', 'serve', '--address', address], {
      logFile,
    });
    await child.until(async () => {
      const answer = await fetch(`http://${address}/v2/`).catch(() => undefined);
      return answer?.ok === true;
    }, 20_000);
    return child;
  }

  function run(...args: readonly string[]): string {
    const { status, stdout, stderr } = spawnSync(crane, args, { encoding: 'utf8' });
    assert.equal(status, 0, `crane ${args.join(' ')}: ${stderr}`);
    return stdout.trim();
  }

  function publish(image: string, content: string): string {
    const layer = join(folder, 'layer.tar.gz');
    writeFileSync(join(folder, 'content'), content);
    spawnSync('tar', ['-czf', layer, '-C', folder, 'content']);
    run('append', '--oci-empty-base', '--new_layer', layer, '--new_tag', image);
    return run('digest', image);
  }

  /** What the job's pod does: each container's arguments, to the entry point of the copier's image. */
  function runJob(): void {
    const { app } = twoSites(prefixes);
    const containers = containersOf(jobOf(app, 'uae-images'));
    assert.equal(containers.length, 2);
    for (const { args } of containers) run(...args);
  }

  it('arrive in the other registry, digest for digest', () => {
    const [source, target] = prefixes;
    const names = ['manara-server:0.1.0', 'collector:1.2'];
    const digests = names.map((name) => publish(`${source}/${name}`, name));
    runJob();
    assert.deepEqual(
      names.map((name) => run('digest', `${target}/${name}`)),
      digests,
    );
  });

  it('follow a tag that moves, and change nothing where none did', () => {
    const [source, target] = prefixes;
    const digest = publish(`${source}/manara-server:0.1.0`, 'another build');
    runJob();
    runJob();
    assert.equal(run('digest', `${target}/manara-server:0.1.0`), digest);
  });
});
