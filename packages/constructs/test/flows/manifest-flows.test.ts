import assert from 'node:assert/strict';
import { DataClass, Jurisdiction, type UndeclaredFlow } from '@manara/residency';
import { ApiObject, App, Chart } from 'cdk8s';
import { Peer, ResidencyZone, TraceSink } from '../../src';
import { undeclaredFlows, undeclaredOutsideSites } from '../../src/flows/manifest-flows';
import { deployment, findsIn, ours, policy } from '../support/finds';
import { newSite, newZone } from '../support/fixtures';

describe('undeclaredFlows', () => {
  it('finds nothing in what Manara itself makes', () => {
    const traces = new TraceSink({
      place: 'aws:me-central-1',
      uri: 'https://otel.bank.example',
      peer: Peer.addresses('10.30.0.0/28'),
    });
    const dns = Peer.addresses('169.254.20.10/32');
    assert.deepEqual(findsIn({ apiVersion: 'v1', kind: 'ConfigMap' }, { traces, dns }), []);
  });

  it('names object, image, registry and fix', () => {
    assert.deepEqual(findsIn(deployment({ image: 'docker.io/library/nginx:1.29' })), [
      {
        status: 'undeclared',
        kind: 'image',
        owner: 'bank/dubai/plain',
        dataClasses: newZone().data,
        at: 'aws:me-central-1',
        evidence:
          'Deployment "plain" runs image "docker.io/library/nginx:1.29", which is not from the site\'s registry "registry.bank.example/serving"',
        fix: "mirror the image into the site's registry and name it there",
      },
    ]);
  });

  it('refuses an object in a namespace that is not the site’s', () => {
    const metadata = { name: 'plain', namespace: 'open' };
    assert.deepEqual(
      findsIn({ ...policy([]), metadata }).map((f) => [f.kind, f.evidence, f.fix]),
      [
        [
          'egress',
          'NetworkPolicy "plain" lies in namespace "open", not in the site\'s "bank"',
          'leave metadata.namespace out, in a chart of the site; its own is "bank"',
        ],
      ],
    );
  });

  it('refuses an object in a chart below the site that has no namespace', () => {
    const site = newSite(newZone(new App()));
    const chart = new Chart(site, 'more');
    new ApiObject(chart, 'plain', { apiVersion: 'v1', kind: 'ConfigMap' });
    new ApiObject(chart, 'wide', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
    });
    assert.deepEqual(
      undeclaredFlows(site, []).map((f) => [f.owner, /lies in .*/.exec(f.evidence)?.[0]]),
      [['bank/dubai/more/plain', 'lies in no namespace, not in the site\'s "bank"']],
    );
  });
});

describe('undeclaredOutsideSites', () => {
  const dd = { name: 'DD_SITE', value: 'datadoghq.com' };
  const workload = deployment({ env: [dd] });

  it('lets objects that move nothing pass', () => {
    const app = new App();
    const zone = newZone(app);
    newSite(zone);
    const chart = new Chart(app, 'shared');
    for (const kind of ['Namespace', 'ConfigMap', 'ServiceAccount']) {
      new ApiObject(chart, kind.toLowerCase(), { apiVersion: 'v1', kind });
    }
    assert.deepEqual(undeclaredOutsideSites(zone), []);
  });

  for (const [where, chartOf] of [
    ['beside the zone', (_: ResidencyZone, app: App) => new Chart(app, 'shared')],
    ['in the zone', (zone: ResidencyZone) => new Chart(zone, 'shared')],
  ] as const) {
    it(`finds a workload in a chart ${where}`, () => {
      const app = new App();
      const zone = newZone(app);
      newSite(zone);
      const object = new ApiObject(chartOf(zone, app), 'agent', {
        ...workload,
        metadata: { name: 'agent' },
      });
      assert.deepEqual(undeclaredOutsideSites(zone), [
        ...[
          [
            `runs image "${ours}" outside of every Site`,
            'put it into a Site of the zone, or into an App of its own',
          ],
          [
            'names datadoghq.com (Datadog), which no flow declares',
            'remove it, or declare the sink or bucket that is reached there',
          ],
        ].map(([evidence, fix]) => ({
          status: 'undeclared',
          kind: 'egress',
          owner: object.node.path,
          dataClasses: zone.data,
          evidence: `Deployment "agent" ${evidence}`,
          fix,
        })),
      ]);
    });
  }

  it('finds a way out of a site’s namespace that a chart beside it opens', () => {
    const app = new App();
    const zone = newZone(app);
    newSite(zone);
    new ApiObject(new Chart(app, 'shared', { namespace: 'bank' }), 'open', {
      ...policy([{}]),
      metadata: { name: 'open' },
    });
    assert.deepEqual(
      undeclaredOutsideSites(zone).map((f) => f.evidence),
      ['NetworkPolicy "open" lets pods connect to any address'],
    );
  });

  it('gives what lies in no zone to the first, and leaves a zone’s own to it', () => {
    const app = new App();
    const first = newZone(app);
    const second = new ResidencyZone(app, 'clinic', {
      jurisdiction: Jurisdiction.AE_ONSHORE,
      places: ['aws:me-central-1'],
      data: [DataClass.HEALTH],
    });
    new ApiObject(new Chart(app, 'shared'), 'agent', workload);
    new ApiObject(new Chart(second, 'own'), 'agent', workload);
    const owners = (flows: readonly UndeclaredFlow[]) => [...new Set(flows.map((f) => f.owner))];
    assert.deepEqual(owners(undeclaredOutsideSites(first)), ['shared/agent']);
    assert.deepEqual(owners(undeclaredOutsideSites(second)), ['clinic/own/agent']);
  });
});
