import assert from 'node:assert/strict';
import { App } from 'cdk8s';
import {
  dataFlows,
  type ModelEndpoint,
  type ModelEndpointProps,
  ModelVersion,
  none,
  Peer,
  ServiceMesh,
  type Site,
} from '../../src';
import { refuses } from '../support/errors';
import { newArtifact, newEndpoint, newSite, newZone, type UaePlace } from '../support/fixtures';
import { at, documentOf } from '../support/manifests';

const host = 'fraud.bank.reserve.internal';
const fallbacks = { fraud: { elsewhere: true, chain: [{ model: 'fraud-small' }] } };

interface Sites {
  readonly app: App;
  readonly dubai: Site<UaePlace>;
  readonly north: Site<UaePlace>;
}

/** Two sites, each with an east-west gateway unless its mesh is given. */
function newSites({ dubai, north }: { dubai?: ServiceMesh; north?: ServiceMesh } = {}): Sites {
  const app = new App();
  const zone = newZone(app);
  const gateway = (address: string): ServiceMesh => ServiceMesh.istio({ eastWest: { address } });
  return {
    app,
    dubai: newSite(zone, 'dubai', { mesh: dubai ?? gateway('10.1.2.3') }),
    north: newSite(zone, 'north', {
      place: 'azure:uaenorth',
      mesh: north ?? gateway('10.2.2.3'),
    }),
  };
}

function newSmall(
  site: Site<UaePlace>,
  props: Partial<ModelEndpointProps<UaePlace>> = {},
): ModelEndpoint<UaePlace> {
  const versions = [new ModelVersion(1, newArtifact({ key: 'fraud-small/1/model.onnx' }))] as const;
  return newEndpoint(
    site,
    { versions, server: { config: { fallbacks } }, ...props },
    'fraud-small',
  );
}

const spec = (app: App, kind: string, name: string, folder = 'dubai') =>
  at(documentOf(app, kind, name, folder), 'spec');

describe('an endpoint with a fallback in a mesh', () => {
  const mesh = ServiceMesh.istio();
  const { app, dubai } = newSites({ dubai: mesh, north: mesh });
  const small = newSmall(dubai);
  newEndpoint(dubai, {
    fallback: small,
    callers: [Peer.serviceAccount('payments', 'checkout')],
  });

  it('has a host of the mesh for its pods and those that stand in', () => {
    assert.deepEqual(spec(app, 'ServiceEntry', 'fraud-reserve'), {
      hosts: [host],
      location: 'MESH_INTERNAL',
      resolution: 'STATIC',
      workloadSelector: { labels: { 'reserve.manara.dev/fraud': 'true' } },
      ports: [
        { number: 8000, name: 'http', protocol: 'HTTP' },
        { number: 8001, name: 'grpc', protocol: 'GRPC' },
      ],
    });
    for (const name of ['fraud', 'fraud-small']) {
      const labels = at(spec(app, 'Deployment', name), 'template', 'metadata', 'labels');
      assert.equal(at(labels, 'reserve.manara.dev/fraud'), 'true');
    }
    const routes = spec(app, 'VirtualService', 'fraud-routes');
    assert.deepEqual(
      [0, 1].map((i) => at(routes, 'http', i, 'route', 0, 'destination')),
      [
        { host, port: { number: 8001 } },
        { host, port: { number: 8000 } },
      ],
    );
  });

  it('asks its own pods first, and may eject them all', () => {
    const rule = spec(app, 'DestinationRule', 'fraud-reserve');
    for (const policy of [
      at(rule, 'trafficPolicy'),
      at(rule, 'trafficPolicy', 'portLevelSettings', 0),
      at(rule, 'trafficPolicy', 'portLevelSettings', 1),
    ]) {
      assert.deepEqual(at(policy, 'loadBalancer', 'localityLbSetting', 'failoverPriority'), [
        'app.kubernetes.io/name=fraud',
        'manara.dev/site=dubai',
      ]);
      assert.equal(at(policy, 'outlierDetection', 'maxEjectionPercent'), 100);
    }
    assert.equal(
      at(
        spec(app, 'DestinationRule', 'fraud'),
        'trafficPolicy',
        'outlierDetection',
        'maxEjectionPercent',
      ),
      34,
    );
  });

  it('has its callers let in where they are led to', () => {
    const access = spec(app, 'AuthorizationPolicy', 'fraud-reserve');
    const pods = {
      'app.kubernetes.io/name': 'fraud-small',
      'app.kubernetes.io/component': 'model-server',
    };
    assert.deepEqual(at(access, 'selector', 'matchLabels'), pods);
    assert.deepEqual(at(access, 'rules', 0, 'from', 0, 'source', 'principals'), [
      'cluster.local/ns/payments/sa/checkout',
    ]);
    const paths = at(access, 'rules', 0, 'to', 1, 'operation', 'paths') as readonly string[];
    assert.ok(paths.includes('/v2/models/fraud/infer'));
    const network = spec(app, 'NetworkPolicy', 'fraud-reserve');
    assert.deepEqual(at(network, 'podSelector', 'matchLabels'), pods);
    assert.equal(at(network, 'ingress', 0, 'ports', 0, 'port'), 8000);
  });

  it('is not divided by a rollout, which knows its own pods only', () => {
    const endpoint = newEndpoint(newSites({ dubai: mesh, north: mesh }).dubai, {}, 'plain');
    endpoint.workloads[0]?.routes?.divide();
    const other = newSites({ dubai: mesh, north: mesh });
    const covered = newEndpoint(other.dubai, { fallback: newSmall(other.dubai) });
    refuses(
      () => covered.workloads[0]?.routes?.divide(),
      'MANARA_MESH',
      '[bank/fraud] fallback, failover: a rollout leads requests to pods of its own only',
    );
  });

  it('refuses one that cannot answer', () => {
    const { dubai: site, north } = newSites({ dubai: mesh, north: mesh });
    const silent = newSmall(site, { server: { config: {} } });
    refuses(
      () => newEndpoint(site, { fallback: silent }),
      'MANARA_MESH',
      'fallback: expected an endpoint whose server stands in for "fraud", received "bank/fraud-small"',
      "fallbacks: { 'fraud': { elsewhere: true, chain: [{ model: 'fraud-small' }] } }",
    );
    refuses(
      () => newEndpoint(site, { fallback: silent, standby: north }),
      'MANARA_MESH',
      'expected an endpoint on site "bank/north"',
    );
    const zone = newZone();
    const plain = newSite(zone);
    refuses(
      () => newEndpoint(plain, { fallback: newSmall(plain) }),
      'MANARA_MESH',
      'fallback: the mesh leads requests to it; expected a mesh of site "bank/dubai"',
    );
  });

  it('refuses one that takes something else', () => {
    const { dubai: site } = newSites({ dubai: mesh, north: mesh });
    const tensor = (name: string) => ({ name, datatype: 'FP32' as const, shape: [-1, 4] });
    const versionsOf = (input: string) =>
      [
        new ModelVersion(
          1,
          newArtifact({ signature: { inputs: [tensor(input)], outputs: [tensor('score')] } }),
        ),
      ] as const;
    const small = newSmall(site, { versions: versionsOf('rows') });
    refuses(
      () => newEndpoint(site, { versions: versionsOf('features'), fallback: small }),
      'MANARA_MESH',
      'expected a model that takes and gives features FP32 -> score FP32; received "bank/fraud-small" with rows FP32 -> score FP32',
    );
  });

  it('refuses a fallback of the server that comes after the mesh’s time-out', () => {
    const { dubai: site } = newSites({ dubai: mesh, north: mesh });
    const chain = [{ cachedSeconds: 60 }];
    const config = {
      cache: { models: { fraud: {} } },
      fallbacks: { fraud: { afterMillis: 1000, chain } },
    };
    refuses(
      () => newEndpoint(site, { server: { config } }),
      'MANARA_MESH',
      'server.config.fallbacks.fraud.afterMillis: the mesh gives a request up after 1000 ms',
      'received 1000',
    );
  });
});

describe('an endpoint of two sites with east-west gateways', () => {
  const { app, dubai, north } = newSites();
  const endpoint = newEndpoint(dubai, { standby: north });

  it('fails over from each to the other, by the other’s gateway', () => {
    assert.deepEqual(spec(app, 'WorkloadEntry', 'fraud-north'), {
      address: '10.2.2.3',
      ports: { http: 15443, grpc: 15443 },
      labels: {
        'reserve.manara.dev/fraud': 'true',
        'app.kubernetes.io/name': 'fraud',
        'manara.dev/site': 'north',
      },
      serviceAccount: 'fraud',
    });
    assert.equal(at(spec(app, 'WorkloadEntry', 'fraud-dubai', 'north'), 'address'), '10.1.2.3');
    const rule = spec(app, 'DestinationRule', 'fraud-reserve');
    assert.deepEqual(
      [0, 1].map((i) => at(rule, 'trafficPolicy', 'portLevelSettings', i, 'tls', 'sni')),
      [
        'outbound_.8000_._.fraud.bank.svc.cluster.local',
        'outbound_.8001_._.fraud.bank.svc.cluster.local',
      ],
    );
  });

  it('lets the other site in through its own', () => {
    assert.deepEqual(spec(app, 'Gateway', 'east-west'), {
      selector: { istio: 'eastwestgateway' },
      servers: [
        {
          port: { number: 15443, name: 'tls', protocol: 'TLS' },
          tls: { mode: 'AUTO_PASSTHROUGH' },
          hosts: ['*.bank.svc.cluster.local'],
        },
      ],
    });
    const network = spec(app, 'NetworkPolicy', 'east-west');
    assert.deepEqual(at(network, 'ingress', 0, 'from', 0, 'podSelector', 'matchLabels'), {
      istio: 'eastwestgateway',
    });
  });

  it('declares what the sites then send each other', () => {
    const standby = endpoint[dataFlows]().filter(({ kind }) => kind === 'standby');
    assert.deepEqual(
      standby.map((flow) =>
        flow.status === 'declared' ? [flow.from.place, flow.to.uri, flow.encryption] : flow.status,
      ),
      [
        ['aws:me-central-1', 'https://10.2.2.3:15443', 'tls'],
        ['azure:uaenorth', 'https://10.1.2.3:15443', 'tls'],
      ],
    );
  });

  it('does not where it says so, nor between trust domains or namespaces', () => {
    const failovers = (sites: Sites, props: Partial<ModelEndpointProps<UaePlace>> = {}) =>
      newEndpoint(sites.dubai, { standby: sites.north, ...props }).failovers.length;
    assert.equal(failovers(newSites()), 2);
    assert.equal(failovers(newSites(), { failover: none('a rollout divides it') }), 0);
    const eastWest = { address: '10.2.2.3' };
    const foreign = ServiceMesh.istio({ trustDomain: 'other.example', eastWest });
    assert.equal(failovers(newSites({ north: foreign })), 0);
    assert.equal(failovers(newSites({ north: ServiceMesh.istio() })), 0);
  });

  it('refuses what no gateway is reached at', () => {
    refuses(
      () => ServiceMesh.istio({ eastWest: { address: 'gateway.bank.example' } }),
      'MANARA_MESH',
      'eastWest.address: expected an IPv4 address such as 10.1.2.3; received "gateway.bank.example"',
    );
    refuses(
      () =>
        ServiceMesh.istio({
          eastWest: { address: '10.1.2.3', gateway: Peer.namespace('istio-system') },
        }),
      'MANARA_MESH',
      'eastWest.gateway: expected pods by their labels',
    );
  });
});
