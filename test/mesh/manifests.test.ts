import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manifestFiles } from '@manara/constructs';
import { Yaml } from 'cdk8s';
import { bedBinaries } from '../bed/binaries';
import { yamlFiles } from '../support/documents';
import { meshedBank } from './meshed-bank';

/** Istio's own checks of everything that a mesh makes of two sites. */
describe('istioctl over the manifests of a mesh', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'manara-istioctl-'));
  let istioctl: string;

  before(function () {
    this.timeout(0);
    const binaries = bedBinaries('istioctl');
    if (binaries === undefined) return this.skip();
    ({ istioctl } = binaries);
    for (const { folder: site, name, documents } of manifestFiles(meshedBank())) {
      mkdirSync(join(folder, site), { recursive: true });
      writeFileSync(join(folder, site, name), Yaml.stringify(...documents));
    }
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  for (const site of ['dubai', 'north']) {
    it(`finds nothing in ${site}`, () => {
      const files = yamlFiles(join(folder, site));
      assert.ok(files.length >= 5, files.join());
      assert.deepEqual(validate(files), { status: 0, faults: [] });
      assert.deepEqual(analyze(files), { status: 0, faults: [] });
    });
  }

  it('finds what is wrong with careless ones', () => {
    const write = (name: string, document: object): string => {
      const file = join(folder, name);
      writeFileSync(file, Yaml.stringify(document));
      return file;
    };
    const malformed = validate([write('malformed.yaml', sidecarWithoutHosts)]);
    assert.notEqual(malformed.status, 0);
    assert.match(malformed.faults.join(), /must contain at least one host/);
    const lost = analyze([write('lost.yaml', routeAtNoGateway)]);
    assert.notEqual(lost.status, 0);
    assert.match(lost.faults.join(), /IST0101/);
  });

  const validate = (files: readonly string[]) =>
    run(
      files.flatMap((file) => ['-f', file]),
      'validate',
      / is valid$/,
    );
  const analyze = (files: readonly string[]) =>
    run(files, 'analyze', /^✔ No validation issues found|^ {2}- /, '-A', '--use-kube=false');

  function run(args: readonly string[], command: string, fine: RegExp, ...flags: string[]) {
    const { status, stdout, stderr } = spawnSync(istioctl, [command, ...flags, ...args], {
      encoding: 'utf8',
    });
    const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '');
    return { status, faults: lines.filter((line) => !fine.test(line)) };
  }
});

const sidecarWithoutHosts = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'Sidecar',
  metadata: { name: 'careless', namespace: 'bank' },
  spec: { egress: [{ hosts: [] }] },
};

const routeAtNoGateway = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'careless', namespace: 'bank' },
  spec: {
    hosts: ['careless.bank.example'],
    gateways: ['nowhere'],
    http: [{ route: [{ destination: { host: 'nobody.bank.svc.cluster.local' } }] }],
  },
};
