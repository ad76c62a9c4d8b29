import assert from 'node:assert/strict';
import { DataClass } from '@manara/residency';
import { App, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { dataFlows, manifestFiles, ModelEndpoint, ModelVersion, none, Peer } from '../src';
import { refuses } from './support/errors';
import {
  endpointProps,
  newArtifact,
  newEndpoint,
  newSite,
  newZone,
  objective,
  untyped,
} from './support/fixtures';

const version = (number: number) => new ModelVersion(number, newArtifact());

interface DeploymentJson {
  readonly spec: {
    readonly template: { readonly metadata: { readonly labels: Readonly<Record<string, string>> } };
  };
}

describe('ModelEndpoint', () => {
  it('orders its versions and answers with the highest', () => {
    const endpoint = newEndpoint(newSite(newZone()), { versions: [version(3), version(1)] });
    assert.deepEqual(
      endpoint.versions.map((v) => v.number),
      [1, 3],
    );
    assert.equal(endpoint.defaultVersion, 3);
  });

  it('is closed to everybody and handles all of the zone’s data unless told otherwise', () => {
    const endpoint = newEndpoint(newSite(newZone()));
    assert.deepEqual(endpoint.callers, []);
    assert.deepEqual(endpoint.data, [DataClass.PERSONAL]);
    assert.equal(endpoint.name, 'fraud');
    assert.equal(endpoint.path, 'bank/fraud');
  });

  it('lowers to six objects on every site, the standby included', () => {
    const app = new App();
    const zone = newZone(app);
    const north = newSite(zone, 'north', { place: 'azure:uaenorth' });
    newEndpoint(newSite(zone), { standby: north });
    for (const folder of ['dubai', 'north']) {
      const file = manifestFiles(app).find((f) => f.folder === folder && f.name === 'fraud.yaml');
      assert.deepEqual(file?.documents.map((d) => d.kind).sort(), [
        'Deployment',
        'HorizontalPodAutoscaler',
        'NetworkPolicy',
        'PodDisruptionBudget',
        'Service',
        'ServiceAccount',
      ]);
    }
  });

  it('names what the engine made on each site, for what acts on it', () => {
    const zone = newZone();
    const standby = newSite(zone, 'abu-dhabi', { place: 'azure:uaenorth' });
    const { workloads } = newEndpoint(newSite(zone), { standby });
    assert.deepEqual(
      workloads.map(({ site, role, controller, service, autoscaler }) => [
        site.node.id,
        role,
        ...[controller, service, autoscaler].map((object) => `${object.kind}/${object.name}`),
      ]),
      [
        ['dubai', 'primary', 'Deployment/fraud', 'Service/fraud', 'HorizontalPodAutoscaler/fraud'],
        [
          'abu-dhabi',
          'standby',
          'Deployment/fraud',
          'Service/fraud',
          'HorizontalPodAutoscaler/fraud',
        ],
      ],
    );
    for (const { controller, podLabels } of workloads) {
      const { template } = (controller.toJson() as DeploymentJson).spec;
      assert.deepEqual(template.metadata.labels, { ...template.metadata.labels, ...podLabels });
    }
  });

  it('is known by a brand that two copies of the package share', () => {
    assert.equal(ModelEndpoint.isModelEndpoint(newEndpoint(newSite(newZone()))), true);
    assert.equal(
      ModelEndpoint.isModelEndpoint({ [Symbol.for('@manara/constructs.ModelEndpoint')]: true }),
      true,
    );
    assert.equal(ModelEndpoint.isModelEndpoint({}), false);
  });

  it('declares its flows under a key that two copies of the package share', () => {
    const endpoint = newEndpoint(newSite(newZone()));
    assert.equal(dataFlows, Symbol.for('@manara/constructs.dataFlows'));
    assert.equal(endpoint[dataFlows]().length, 7);
  });
});

describe('ModelEndpoint refuses', () => {
  const site = newSite(newZone());

  it('an id that no Kubernetes object can have', () => {
    refuses(() => newEndpoint(site, {}, 'Fraud'), 'MANARA_NAME', '[bank/Fraud] id', '"Fraud"');
  });

  for (const id of ['namespace', 'default-deny']) {
    it(`the id "${id}", which the site itself uses`, () => {
      refuses(() => newEndpoint(site, {}, id), 'MANARA_NAME', `"${id}" is taken in site "dubai"`);
    });
  }

  it('what the second of its sites has already, and leaves that and nothing else', () => {
    const zone = newZone();
    const [first, second] = [newSite(zone), newSite(zone, 'north', { place: 'azure:uaenorth' })];
    const taken = new Construct(second, 'fraud');
    refuses(() => newEndpoint(first, { standby: second }), 'MANARA_NAME', 'in site "north"');
    assert.deepEqual(zone.node.children, [first, second]);
    assert.equal(first.node.tryFindChild('fraud'), undefined);
    assert.equal(second.node.tryFindChild('fraud'), taken);
  });

  it('no versions, and gives its name back', () => {
    refuses(() => newEndpoint(site, { versions: untyped([]) }, 'again'), 'MANARA_VERSIONS');
    assert.equal(site.zone.node.tryFindChild('again'), undefined);
  });

  it('no versions', () => {
    refuses(
      () => newEndpoint(site, { versions: untyped([]) }, 'v0'),
      'MANARA_VERSIONS',
      'versions: expected at least one',
    );
  });

  it('a version that stands twice', () => {
    refuses(
      () => newEndpoint(site, { versions: [version(1), version(2), version(1)] }, 'v1'),
      'MANARA_VERSIONS',
      'each number once, received 1, 1, 2',
    );
  });

  it('a default version that it does not serve', () => {
    refuses(
      () => newEndpoint(site, { versions: [version(1), version(2)], defaultVersion: 3 }, 'v2'),
      'MANARA_VERSIONS',
      'defaultVersion: expected one of 1, 2; received 3',
    );
  });

  it('no sites', () => {
    refuses(
      () => newEndpoint(site, { sites: untyped([]) }, 's0'),
      'MANARA_SITES',
      'sites: expected at least one',
    );
  });

  it('a site that stands twice, as its own standby too', () => {
    refuses(
      () => newEndpoint(site, { sites: [site, site] }, 's1'),
      'MANARA_SITES',
      'each site once, received dubai, dubai',
    );
    refuses(() => newEndpoint(site, { standby: site }, 's2'), 'MANARA_SITES', 'each site once');
  });

  it('a site of another zone', () => {
    const other = newSite(newZone());
    const make = () => new ModelEndpoint(site.zone, 's3', endpointProps(other));
    refuses(make, 'MANARA_SITES', 'expected sites of zone "bank"', '"bank/dubai"');
  });

  it('data that its zone does not have, and none at all', () => {
    refuses(
      () => newEndpoint(site, { data: [DataClass.HEALTH] }, 'd0'),
      'MANARA_RESIDENCY',
      'classes of zone "bank" (personal), received health',
    );
    refuses(() => newEndpoint(site, { data: [] }, 'd1'), 'MANARA_RESIDENCY', 'at least one');
    refuses(
      () => newEndpoint(site, { data: [untyped({ id: 'Personal' })] }, 'd2'),
      'MANARA_RESIDENCY',
      'data: expected classes of zone "bank" (personal), received an object',
    );
    const copy = untyped({ id: 'personal' });
    assert.deepEqual(newEndpoint(site, { data: [copy] }, 'd3').data, [copy]);
  });

  for (const [i, [what, props, message]] of (
    [
      [
        'an availability of 100 %',
        { objective: { ...objective, availabilityPercent: 100 } },
        'objective.availabilityPercent: expected a percentage from 50 to 99.99; received 100',
      ],
      [
        'no traffic',
        { traffic: { peakRequestsPerSecond: 0 } },
        'traffic.peakRequestsPerSecond: expected a number above 0; received 0',
      ],
      [
        'a latency of zero',
        { objective: { ...objective, p99Latency: Duration.millis(0) } },
        'objective.p99Latency: expected a Duration above 0, such as Duration.millis(50); received 0 ms',
      ],
    ] as const
  ).entries()) {
    it(what, () => {
      refuses(() => newEndpoint(site, props, `o${i}`), 'MANARA_OBJECTIVE', `[bank/o${i}]`, message);
    });
  }

  it('nothing that it can serve', () => {
    const callers = [Peer.namespace('payments')];
    assert.deepEqual(
      newEndpoint(site, { callers, standby: none('one site') }, 'good').callers,
      callers,
    );
  });
});
