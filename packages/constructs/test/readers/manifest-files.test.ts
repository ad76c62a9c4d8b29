import assert from 'node:assert/strict';
import { DataClass, Jurisdiction } from '@manara/residency';
import { ApiObject, App, Chart } from 'cdk8s';
import { ConfigMap } from 'cdk8s-plus-28';
import {
  chartObjects,
  ImageRegistry,
  late,
  manifestFiles,
  ModelBucket,
  ModelVersion,
  Peer,
  ResidencyZone,
  LogSink,
} from '../../src';
import { refuses } from '../support/errors';
import { newArtifact, newEndpoint, newSite, newZone } from '../support/fixtures';
import { at, documentOf, documents } from '../support/manifests';

const shapeOf = (app: App) =>
  manifestFiles(app).map((f) => [f.folder, f.name, f.documents.map((d) => d.kind)]);

describe('manifestFiles', () => {
  it('has a folder for each site, a file for each endpoint, and the shared one first', () => {
    const app = new App();
    const zone = newZone(app);
    const dubai = newSite(zone);
    const north = newSite(zone, 'north', { place: 'azure:uaenorth' });
    newEndpoint(dubai, { standby: north });
    newEndpoint(dubai, {}, 'credit');
    const files = manifestFiles(app).map((f) => `${f.folder}/${f.name}`);
    assert.deepEqual(files, [
      'dubai/00-site.yaml',
      'dubai/fraud.yaml',
      'dubai/credit.yaml',
      'north/00-site.yaml',
      'north/fraud.yaml',
    ]);
  });

  it('puts what others need first', () => {
    const app = new App();
    newEndpoint(newSite(newZone(app)));
    const kinds = manifestFiles(app)
      .flatMap((f) => f.documents)
      .map((d) => String(d.kind));
    const before = (a: string, b: string) => kinds.indexOf(a) < kinds.indexOf(b);
    assert.equal(kinds[0], 'Namespace');
    assert(before('ServiceAccount', 'Deployment'));
    assert(before('Deployment', 'HorizontalPodAutoscaler'));
  });

  it('puts single objects of plain cdk8s into the site’s file', () => {
    const app = new App();
    const site = newSite(newZone(app));
    new ApiObject(site, 'quota', { apiVersion: 'v1', kind: 'ResourceQuota' });
    new ConfigMap(site, 'settings', { data: { a: '1' } });
    assert.deepEqual(shapeOf(app), [
      ['dubai', '00-site.yaml', ['Namespace', 'NetworkPolicy', 'ResourceQuota', 'ConfigMap']],
    ]);
  });

  it('takes charts that are no sites', () => {
    const app = new App();
    new ApiObject(new Chart(app, 'Shared'), 'o', { apiVersion: 'v1', kind: 'ConfigMap' });
    assert.deepEqual(
      manifestFiles(app).map((f) => f.name),
      ['00-site.yaml'],
    );
  });

  it('fills late values, those in JSON and in a digest of it too', () => {
    const lateApp = new App();
    const plainApp = new App();
    for (const [app, uri] of [
      [lateApp, `s3://${late('models-bucket')}`],
      [plainApp, 's3://bank-models'],
    ] as const) {
      const bucket = new ModelBucket({
        place: 'aws:me-central-1',
        uri,
        peer: Peer.addresses('10.20.0.0/24'),
      });
      newEndpoint(newSite(newZone(app)), {
        versions: [new ModelVersion(1, newArtifact({ bucket }))],
      });
    }
    const values = { 'models-bucket': 'bank-models' };
    assert.deepEqual(documents(lateApp, values), documents(plainApp));
  });

  it('refuses late values that it is not given, naming each once', () => {
    const app = new App();
    const site = newSite(newZone(app));
    new ConfigMap(site, 'c', { data: { a: late('zebra'), b: late('apple') + late('zebra') } });
    refuses(
      () => manifestFiles(app, { other: 'x' }),
      'MANARA_LATE',
      '[synth] values: expected apple, zebra, known only after deployment; received only other; write the missing into a file: manara synth --values FILE',
    );
    refuses(() => manifestFiles(app), 'MANARA_LATE', 'received none; ');
  });

  it('refuses a late address that no manifest holds: nobody would judge it later', () => {
    const app = new App();
    const logs = new LogSink({ place: 'aws:me-central-1', uri: `https://${late('logs-host')}` });
    newEndpoint(newSite(newZone(app), 'dubai', { logs }));
    refuses(() => manifestFiles(app), 'MANARA_LATE', 'expected logs-host, ');
    assert.equal(manifestFiles(app, { 'logs-host': 'logs.example' }).length, 2);
    refuses(
      () => manifestFiles(app, { 'logs-host': 'logs.eu-west-1.amazonaws.com' }),
      'MANARA_RESIDENCY',
      'log flow of bank/fraud',
    );
  });

  it('refuses late values that break a rule once they are known', () => {
    const app = new App();
    const bucket = new ModelBucket({
      place: 'aws:me-central-1',
      uri: `https://${late('store-host')}/models`,
      peer: Peer.addresses('10.20.0.0/24'),
    });
    newEndpoint(newSite(newZone(app)), {
      versions: [new ModelVersion(1, newArtifact({ bucket }))],
    });
    const host = (region: string) => ({ 'store-host': `s3.${region}.amazonaws.com` });
    assert.equal(manifestFiles(app, host('me-central-1')).length, 2);
    refuses(
      () => manifestFiles(app, host('eu-west-1')),
      'MANARA_RESIDENCY',
      'artifact flow of bank/fraud',
      'rule uri-matches-place',
      's3.eu-west-1.amazonaws.com is in aws:eu-west-1',
    );
  });

  it('refuses late address ranges that no one place can have', () => {
    const app = new App();
    const bucket = new ModelBucket({
      place: 'aws:me-central-1',
      uri: 's3://bank-models',
      peer: Peer.addresses(late('store-range')),
    });
    newEndpoint(newSite(newZone(app)), {
      versions: [new ModelVersion(1, newArtifact({ bucket }))],
    });
    assert.equal(manifestFiles(app, { 'store-range': '10.20.0.0/24' }).length, 2);
    for (const range of ['52.0.0.0/8', '0.0.0.0/0', '10.20.0.0']) {
      refuses(
        () => manifestFiles(app, { 'store-range': range }),
        'MANARA_RESIDENCY',
        'artifact flow of bank/fraud',
        `reached at ${range}, which is`,
        'rule address-range-is-plausible',
      );
    }
  });

  it('judges a late address that stands in no manifest, or asks for it', () => {
    const app = new App();
    const logs = new LogSink({ place: 'aws:me-central-1', uri: late('log-store') });
    newEndpoint(newSite(newZone(app), 'dubai', { logs }));
    refuses(() => manifestFiles(app), 'MANARA_LATE', '[synth] values: expected log-store');
    refuses(
      () => manifestFiles(app, { 'log-store': 'https://logs.eu-west-1.amazonaws.com' }),
      'MANARA_RESIDENCY',
      'rule uri-matches-place',
    );
    refuses(
      () => manifestFiles(app, { 'log-store': 'grpc://logs.bank.example' }),
      'MANARA_RESIDENCY',
      'rule personal-data-is-encrypted',
    );
    assert.equal(manifestFiles(app, { 'log-store': 'https://logs.bank.example' }).length, 2);
  });

  it('judges a registry once it is known: without a host it is Docker Hub', () => {
    const app = new App();
    const images = new ImageRegistry({ place: 'aws:me-central-1', prefix: late('registry') });
    newEndpoint(newSite(newZone(app), 'dubai', { images }));
    refuses(
      () => manifestFiles(app, { registry: 'library' }),
      'MANARA_RESIDENCY',
      'docker.io (Docker Hub)',
    );
    assert.equal(manifestFiles(app, { registry: 'registry.bank.example' }).length, 2);
  });

  it('refuses one late name for two sources: a file has one value for it', () => {
    const app = new App();
    const [a, b] = [late('role', { n: 1 }), late('role', { n: 2 })];
    new ConfigMap(newSite(newZone(app)), 'c', { data: { a, b } });
    refuses(
      () => manifestFiles(app, { role: 'x' }),
      'MANARA_LATE',
      '[synth] late("role"): expected one source, received two; give each value a name of its own',
    );
  });

  it('takes one source of a late name that another tree has a source for, too', () => {
    const app = new App();
    late('shared-name', { n: 1 });
    new ConfigMap(newSite(newZone(app)), 'c', { data: { a: late('shared-name', { n: 2 }) } });
    assert.equal(at(documents(app, { 'shared-name': 'v' }).at(-1), 'data', 'a'), 'v');
  });

  it('refuses two sites that would write into one folder', () => {
    const app = new App();
    newSite(newZone(app));
    const second = new ResidencyZone(app, 'clinic', {
      jurisdiction: Jurisdiction.AE_ONSHORE,
      places: ['aws:me-central-1', 'azure:uaenorth'],
      data: [DataClass.PERSONAL],
    });
    newSite(second);
    refuses(() => manifestFiles(app), 'MANARA_SITES', 'two are called "dubai"');
  });

  it('refuses a tree that breaks a rule', () => {
    const app = new App();
    const site = newSite(newZone(app));
    new ApiObject(site, 'open', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      spec: { egress: [{}] },
    });
    assert.throws(() => manifestFiles(app), /rule flow-is-declared/);
  });
});

describe('chartObjects', () => {
  it('pairs each object with its own manifest', () => {
    const app = new App();
    const zone = newZone(app);
    newEndpoint(newSite(zone), { standby: newSite(zone, 'north', { place: 'azure:uaenorth' }) });
    const charts = chartObjects(app);
    assert.deepEqual(
      charts.map((c) => c.chart.node.id),
      ['dubai', 'north'],
    );
    for (const { object, manifest } of charts.flatMap((c) => c.objects)) {
      assert.equal(object.kind, manifest.kind);
      assert.equal(object.name, at(manifest, 'metadata', 'name'));
    }
  });

  it('leaves late values as markers', () => {
    const app = new App();
    new ConfigMap(newSite(newZone(app)), 'c', { data: { a: late('kept') } });
    const [chart] = chartObjects(app);
    assert.equal(at(chart?.objects.at(-1)?.manifest, 'data', 'a'), '${late:kept}');
    assert.throws(() => documentOf(app, 'ConfigMap', 'c'), /kept/);
  });
});
