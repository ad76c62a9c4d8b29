import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { parseProfile, type Profile } from '@manara/contract';
import { CountingModel } from '../support/counting-model';
import { FakeSite } from '../support/fake-site';
import { repositoryRoot, temporaryFolder } from '../support/folders';
import { manara } from '../support/manara';

const file = join(repositoryRoot, 'examples', 'models', 'repository', 'fraud', '2', 'model.onnx');

describe('manara profile', function () {
  this.timeout(60_000);

  it('measures a file at each batch and concurrency, and the machine', async () => {
    const out = join(temporaryFolder(), 'fraud.profile.json');
    const { code, stderr } = await manara(
      ['profile', file, '--batches', '1,8', '--concurrency', '1,2', '--time', '4s', '--out', out],
      { cwd: repositoryRoot },
    );
    assert.equal(code, 0, stderr);
    const profile: Profile = parseProfile(JSON.parse(readFileSync(out, 'utf8')));
    assert.deepEqual(
      profile.points.map(({ batch, concurrency }) => [batch, concurrency]),
      [
        [1, 1],
        [1, 2],
        [8, 1],
        [8, 2],
      ],
    );
    for (const point of profile.points) {
      assert.ok(point.requests > 0 && point.p50Millis <= point.p99Millis, JSON.stringify(point));
      assert.ok(point.runMillis > 0 && point.rowsPerRun >= point.batch, JSON.stringify(point));
    }
    assert.equal(profile.serviceTimeMillis, profile.points[0]?.runMillis);
    assert.ok((profile.coldStartSeconds ?? 0) > 0);
    assert.equal(profile.node?.nodejs, process.version);
    assert.match(stderr, /8 rows, 2 at once: \d+ rows\/s/);
  });

  it('does not count what a server answers before it is warm', async () => {
    let first: number | undefined;
    const model = new CountingModel(() => {
      first ??= performance.now();
      return performance.now() - first < 300 ? 5 : 1;
    });
    const site = await FakeSite.start(({ path }, response) => {
      response.end(model.answer(path));
      return true;
    });
    const { code, stdout, stderr } = await manara(
      ['profile', site.address].concat(['--batches', '1', '--concurrency', '1,2', '--time', '2s']),
    );
    await site.stop();
    assert.equal(code, 0, stderr);
    assert.equal(parseProfile(JSON.parse(stdout)).serviceTimeMillis, 1);
  });

  describe('at a server that asks who comes', () => {
    const folder = temporaryFolder();
    const place = (name: string): string => join(folder, name);
    const secret = 'mnr_secret';
    const run = ['--batches', '1', '--concurrency', '1', '--time', '1s'];
    let address: string;
    let stop: () => void;
    let shown: readonly unknown[];

    before(function () {
      const openssl = spawnSync('openssl', ['version']);
      if (openssl.error !== undefined) this.skip();
      const days = ['-days', '1', '-nodes', '-newkey', 'rsa:2048'];
      const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
      const files = ['-keyout', place('tls.key'), '-out', place('tls.crt')];
      execFileSync('openssl', ['req', '-x509', ...days, ...names, ...files], { stdio: 'pipe' });
      writeFileSync(place('api-key'), `${secret}\n`);
    });
    beforeEach(async () => {
      const cert = readFileSync(place('tls.crt'));
      const key = readFileSync(place('tls.key'));
      const model = new CountingModel(() => 1);
      const server = createServer(
        { cert, key, ca: cert, requestCert: true, rejectUnauthorized: false },
        (request, response) => {
          const { headers, socket } = request;
          assert.ok(socket instanceof TLSSocket);
          const hasCertificate = 'subject' in socket.getPeerCertificate();
          shown = [headers['x-api-key'], headers.authorization, hasCertificate];
          response.end(model.answer(request.url ?? ''));
        },
      );
      await once(server.listen(0, '127.0.0.1'), 'listening');
      address = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
      stop = () => {
        server.closeAllConnections();
        server.close();
      };
    });
    afterEach(() => {
      stop();
    });

    it('shows a key of a file, and a certificate', async () => {
      const files = ['ca', 'cert', 'key'].flatMap((name) => [
        `--${name}`,
        place(name === 'key' ? 'tls.key' : 'tls.crt'),
      ]);
      const args = ['profile', address, ...run, ...files, '--api-key-file', place('api-key')];
      const { code, stderr } = await manara(args);
      assert.equal(code, 0, stderr);
      assert.deepEqual(shown, [secret, undefined, true]);
    });

    it('shows a token of the environment', async () => {
      const env = { MANARA_TOKEN: 'e.y.J' };
      const args = ['profile', address, ...run, '--ca', place('tls.crt')];
      const { code, stderr } = await manara(args, { env });
      assert.equal(code, 0, stderr);
      assert.deepEqual(shown, [undefined, 'Bearer e.y.J', false]);
    });

    it('says what is wrong with a server that it does not know', async () => {
      const { code, stderr } = await manara(['profile', address, ...run]);
      assert.equal(code, 1);
      assert.match(stderr, /does not answer: .*self-signed certificate/);
    });
  });

  it('shows its defaults as they are written', async () => {
    const { stdout } = await manara(['profile', '--help']);
    assert.match(stdout, /--time <duration> .*\(default: 60s\)/);
  });

  const refusals: readonly (readonly [readonly string[], RegExp])[] = [
    [['http://127.0.0.1:1'], /http:\/\/127\.0\.0\.1:1 does not answer/],
    [
      ['127.0.0.1:8000'],
      /is no file; an address begins with http:\/\/: http:\/\/127\.0\.0\.1:8000/,
    ],
    [['http://127.0.0.1:1', '--cert', file], /--cert and --key go together/],
    [['http://127.0.0.1:1', '--api-key-file', '/no'], /--api-key-file: the file cannot be read/],
    [
      ['http://127.0.0.1:1', '--token-file', file, '--api-key-file', file],
      /both an API key and a token/,
    ],
    [['absent.onnx'], /cannot read "absent\.onnx"/],
    [[file, '--batches', '0'], /Expected a number, 1 to 4096/],
    [[file, '--batches', '2', '--concurrency', '1', '--time', '1s'], /give 1 among --batches/],
  ];
  for (const [args, message] of refusals) {
    it(`refuses ${args.slice(-2).join(' ')}`, async () => {
      const { code, stderr } = await manara(['profile', ...args], { cwd: repositoryRoot });
      assert.notEqual(code, 0);
      assert.match(stderr, message);
    });
  }
});
