import assert from 'node:assert/strict';
import type { DrillReport } from '../../src';
import { FailoverProxy } from '../support/failover-proxy';
import { project } from '../support/folders';
import { FraudServer } from '../support/fraud-server';
import { manara, startManara } from '../support/manara';
import { officeProgram, stackProgram } from '../support/programs';

describe('manara drill', () => {
  describe('refuses', () => {
    const cases: readonly (readonly [title: string, args: readonly string[], fault: RegExp])[] = [
      [
        'a drill without sites',
        [],
        /--site: expected every site, dubai, north missing; allowed are/,
      ],
      [
        'a loss without a way back',
        ['--name', 'http://name', '--lose', 'true'],
        /--name, --lose, --restore: expected all three.*missing --restore/,
      ],
      ['a wait without a loss', ['--wait', '15m'], /missing --name, --lose, --restore/],
      ['a wait without a unit', ['--wait', '15'], /Expected a duration such as 90s/],
      ['no requests', ['--requests', '0'], /Expected a number, 1 to 1000/],
      [
        'a --stack where there is no program of Pulumi',
        ['--stack', 'x'],
        /expected a Pulumi\.yaml/,
      ],
    ];
    for (const [title, args, fault] of cases) {
      it(title, async () => {
        const cwd = project({ 'main.ts': stackProgram() });
        const { code, stderr, stdout } = await manara(['drill', ...args], { cwd });
        assert.match(stderr, fault);
        assert.equal(code, 2);
        assert.equal(stdout, '');
      });
    }

    it('a tree without a stack, as nothing would be drilled', async () => {
      const cwd = project({ 'main.ts': officeProgram() });
      const { code, stderr } = await manara(['drill'], { cwd });
      assert.equal(code, 1);
      assert.match(
        stderr,
        /error: main\.ts: the tree holds no ServingStack, so nothing was drilled/,
      );
    });
  });

  it('reads a program of Pulumi, configured by a stack', async () => {
    const main = `
import { Config } from '@pulumi/pulumi';
import { DataClass, Jurisdiction } from '@manara/residency';
import * as manara from '@manara/pulumi';
import { Provider } from '@pulumi/kubernetes/provider';
import { Duration } from 'cdk8s';

const zone = new manara.ResidencyZone('bank', {
  jurisdiction: Jurisdiction.AE_ONSHORE,
  places: ['aws:me-central-1', 'azure:uaenorth'],
  data: [DataClass.PERSONAL],
});
const site = (id, place) => new manara.Site(id, {
  zone, place,
  images: new manara.ImageRegistry({ place, prefix: new Config().require('registry') }),
  logs: manara.none('a test'), metrics: manara.none('a test'),
  traces: manara.none('a test'), backup: manara.none('a test'),
}, { provider: new Provider(id, { context: id }) });
const sites = [site('dubai', 'aws:me-central-1'), site('north', 'azure:uaenorth')];
const bucket = new manara.ModelBucket({ place: 'aws:me-central-1', uri: 'pvc://models' });
const copies = [new manara.ModelBucket({ place: 'azure:uaenorth', uri: 'pvc://models' })];
const artifact = new manara.ModelArtifact({
  bucket, copies, key: 'fraud/1/model.onnx', sha256: 'a'.repeat(64), sizeBytes: 1000,
});
new manara.ModelEndpoint('fraud', {
  zone, versions: [new manara.ModelVersion(1, artifact)], engine: manara.ServingEngine.onnx(),
  sites, standby: manara.none('both are active'),
  objective: { p99Latency: Duration.millis(100), availabilityPercent: 99 },
  traffic: { peakRequestsPerSecond: 5 },
});
new manara.ServingStack('uae', {
  zone, sites, standby: manara.none('both are active'), images: manara.none('a test'),
  recovery: { time: Duration.seconds(5), point: Duration.minutes(30) }, failover: Duration.seconds(2),
});
`;
    const cwd = project({
      'Pulumi.yaml': 'name: bank\nruntime: nodejs\n',
      'Pulumi.dev.yaml': 'config:\n  bank:registry: registry.bank.example/serving\n',
      'index.ts': main,
    });
    const { code, stderr } = await manara(['drill', '--stack', 'dev'], { cwd });
    assert.match(
      stderr,
      /--site: expected every site, dubai, north missing; allowed are dubai \(fraud\)/,
    );
    assert.equal(code, 2);
  });

  describe('with real servers', function () {
    this.timeout(30_000);
    let cwd: string;
    let dubai: FraudServer;
    let north: FraudServer;
    let sites: readonly string[];

    before(async () => {
      cwd = project({ 'main.ts': stackProgram() });
      north = await FraudServer.start();
    });
    // Each exercise puts another in its place.
    beforeEach(async () => {
      dubai = await FraudServer.start();
      sites = ['--site', `dubai=${dubai.address}`, '--site', `north=${north.address}`];
    });
    afterEach(() => dubai.stop());
    after(() => north.stop());

    /** Ends the first server by its id, and starts it again. */
    function loss(name: string): readonly string[] {
      return ['--name', name, '--lose', `kill -9 ${dubai.pid}`, '--restore', dubai.command];
    }

    it('finds that both sites are ready and answer alike', async () => {
      const { code, stdout, stderr } = await manara(['drill', ...sites], { cwd });
      assert.equal(stderr, 'manara: reading .\nmanara: asking the sites of bank/uae\n');
      assert.equal(code, 0);
      assert.match(
        stdout,
        /^bank\/uae dubai \(aws:me-central-1\), north \(azure:uaenorth\); recovery\.time 5 s, recovery\.point 1800 s$/m,
      );
      for (const version of ['1', '2']) {
        assert.match(stdout, new RegExp(`^  ok +fraud +version ${version} +north +ready$`, 'm'));
        assert.match(
          stdout,
          new RegExp(
            `^  ok +fraud +answers ${version} +north +5 requests answered as by dubai: equal$`,
            'm',
          ),
        );
      }
      assert.match(stdout, /^12 checks: 12 ok, 0 open, 0 failed$/m);
    });

    it('takes a site away, measures what callers lose, and brings it back', async () => {
      const proxy = await FailoverProxy.start([dubai.port, north.port], 800);
      try {
        const args = ['drill', ...sites, '--json', ...loss(proxy.address)];
        const { code, stdout, stderr } = await manara(args, { cwd });
        assert.equal(code, 0, stderr);
        const [report] = JSON.parse(stdout) as readonly DrillReport[];
        assert.equal(report?.holds, true);
        const { exercise } = report;
        assert.equal(exercise?.lost, 'dubai');
        const [outage] = exercise.outages;
        assert.equal(outage?.endpoint, 'fraud');
        assert.ok(outage.failed >= 2, stdout);
        const { recoveredSeconds = 0, firstFailureSeconds = Infinity } = outage;
        assert.ok(recoveredSeconds >= 0.8 && recoveredSeconds <= 5, stdout);
        assert.ok(firstFailureSeconds < recoveredSeconds, stdout);
        assert.equal(exercise.restoration.missing, undefined);
        assert.equal(await dubai.isReady(), true);
      } finally {
        await proxy.stop();
      }
    });

    it('fails where callers are never led to the other site, and still brings the first back', async () => {
      const proxy = await FailoverProxy.start([dubai.port, north.port], Infinity);
      try {
        const args = ['drill', ...sites, ...loss(proxy.address), '--wait', '3s'];
        const { code, stdout, stderr } = await manara(args, { cwd });
        assert.equal(code, 1);
        assert.match(
          stdout,
          /^ {2}failed +fraud +exercise +- +not answered for good within 3 s \(.+\), \d+ of \d+ requests failed; promised 5 s/m,
        );
        assert.match(stdout, /^ {2}ok +- +restored +dubai +ready after /m);
        assert.match(stderr, /error: main\.ts: 1 check failed\n/);
        assert.equal(await dubai.isReady(), true);
      } finally {
        await proxy.stop();
      }
    });

    it('brings the site back on Ctrl-C, its terminal gone', async () => {
      const proxy = await FailoverProxy.start([dubai.port, north.port], Infinity);
      try {
        const args = ['drill', ...sites, ...loss(proxy.address), '--wait', '1h'];
        const child = startManara(args, { cwd });
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.stderr.setEncoding('utf8').on('data', (text: string) => {
          if (!text.includes('does not answer any more')) return;
          child.stderr.destroy();
          child.kill('SIGINT');
        });
        assert.equal(await ended, 1);
        assert.equal(await dubai.isReady(), true);
      } finally {
        await proxy.stop();
      }
    });
  });
});
