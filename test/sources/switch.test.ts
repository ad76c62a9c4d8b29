import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fetchCommand, flags, modelConfigFile } from '@manara/contract';
import { fraud } from '@manara/example-models';
import { Child } from '../support/child';
import { freePorts } from '../support/free-ports';
import { repositoryRoot } from '../support/paths';
import { run } from './run';

/** A server that follows its folder, while fetch mode fills that. */
describe('a version that is fetched', function () {
  this.timeout(120_000);
  let folder: string;
  let repository: string;
  let server: Child;
  let origin: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'manara-switch-'));
    repository = join(folder, 'models');
    mkdirSync(repository);
    const [http = 0, grpc = 0, metrics = 0] = await freePorts(3);
    origin = `http://127.0.0.1:${http}`;
    const ports = [`--http-port=${http}`, `--grpc-port=${grpc}`, `--metrics-port=${metrics}`];
    const poll = ['--model-control-mode=poll', '--repository-poll-secs=1'];
    server = Child.start(
      'manara-server',
      process.execPath,
      [serverProgram, flags.modelRepository, repository, ...ports, ...poll],
      { logFile: join(folder, 'server.log') },
    );
    await server.until(() => ready('/v2/health/ready'), 60_000);
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const ready = (path: string): Promise<boolean> =>
    fetch(origin + path).then(
      ({ ok }) => ok,
      () => false,
    );

  async function bring(...numbers: readonly (1 | 2)[]): Promise<void> {
    const config = join(folder, 'config.json');
    const versions = numbers.map((version) => ({
      version,
      uri: pathToFileURL(fraud.versionFile(version)).href,
      sha256: createHash('sha256')
        .update(readFileSync(fraud.versionFile(version)))
        .digest('hex'),
    }));
    const models = [{ name: 'fraud', defaultVersion: numbers[0], versions }];
    writeFileSync(config, JSON.stringify({ modelRepository: repository, models }));
    const { code, output } = await run(serverProgram, fetchCommand, flags.config, config);
    assert.equal(code, 0, output);
  }

  it('is served by a server that polls, model folder and all', async () => {
    await bring(1);
    await server.until(() => ready('/v2/models/fraud/versions/1/ready'), 30_000);
  });

  it('follows the one before, which answers until then', async () => {
    writeFileSync(join(repository, 'fraud', modelConfigFile), 'version_policy: { all {} }\n');
    await bring(1, 2);
    await server.until(() => ready('/v2/models/fraud/versions/2/ready'), 30_000);
    assert.equal(await ready('/v2/models/fraud/versions/1/ready'), true);
  });

  it('was never seen in part', () => {
    const events = server.output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => (JSON.parse(line) as { readonly event?: string }).event);
    assert.deepEqual(
      events.filter((event) => /failed|ignored|error/.test(event ?? '')),
      [],
    );
    assert.ok(events.filter((event) => event === 'version_ready').length >= 2);
  });
});

const serverProgram = join(repositoryRoot, 'runtime/build/src/main.js');
