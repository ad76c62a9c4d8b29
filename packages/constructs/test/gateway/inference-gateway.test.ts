import assert from 'node:assert/strict';
import { App } from 'cdk8s';
import { Callers, InferenceGateway, ModelEndpoint, Peer } from '../../src';
import { refuses } from '../support/errors';
import { endpointProps, newEndpoint, newSite, newZone, untyped } from '../support/fixtures';
import { at, documentOf, documents } from '../support/manifests';
import { gatewayProps, newBehind, newGateway } from './support';

describe('InferenceGateway', () => {
  it('lets through what a rule says, and nothing else', () => {
    const behind = newBehind();
    const { fraud: endpoint } = behind;
    newGateway(behind, {
      access: [
        { endpoint, callers: Callers.subjects('auditor'), verbs: ['explain'], versions: [2] },
        { endpoint, callers: Callers.scope('models.read'), verbs: ['load'] },
      ],
    });
    const issuer = 'https://login.bank.example';
    const hosts = ['api.bank.example', 'fraud.api.bank.example'];
    assert.deepEqual(at(documentOf(behind.app, 'AuthorizationPolicy', 'api'), 'spec'), {
      selector: {
        matchLabels: {
          'app.kubernetes.io/name': 'api',
          'app.kubernetes.io/component': 'gateway',
        },
      },
      action: 'ALLOW',
      rules: [
        {
          from: [{ source: { requestPrincipals: [`${issuer}/*`] } }],
          to: [
            {
              operation: {
                hosts: ['api.bank.example'],
                methods: ['GET'],
                paths: ['/openapi.json'],
              },
            },
          ],
        },
        {
          from: [{ source: { requestPrincipals: [`${issuer}/auditor`] } }],
          to: [
            {
              operation: {
                hosts,
                methods: ['POST'],
                paths: ['/v2/models/fraud/versions/2/explain'],
              },
            },
          ],
        },
        {
          from: [{ source: { requestPrincipals: [`${issuer}/*`] } }],
          to: [
            {
              operation: {
                hosts,
                methods: ['POST'],
                paths: ['/v2/repository/models/fraud/load', '/v2/repository/models/fraud/unload'],
              },
            },
            {
              operation: {
                hosts: ['fraud.api.bank.example'],
                methods: ['POST'],
                paths: [
                  '/inference.GRPCInferenceService/RepositoryModelLoad',
                  '/inference.GRPCInferenceService/RepositoryModelUnload',
                ],
              },
            },
          ],
          when: [{ key: 'request.auth.claims[scope]', values: ['models.read'] }],
        },
      ],
    });
  });

  it('leads paths to endpoints by whole names, and hosts to all of a server', () => {
    const behind = newBehind();
    newGateway(behind);
    const http = at(documentOf(behind.app, 'VirtualService', 'api'), 'spec', 'http');
    assert.deepEqual((http as unknown[]).slice(1), [
      {
        name: 'fraud',
        match: [
          { uri: { exact: '/v2/models/fraud' } },
          { uri: { prefix: '/v2/models/fraud/' } },
          { uri: { prefix: '/v2/repository/models/fraud/' } },
        ],
        delegate: { name: 'fraud-routes', namespace: 'bank' },
      },
    ]);
    assert.deepEqual(at(documentOf(behind.app, 'VirtualService', 'api-fraud'), 'spec'), {
      hosts: ['fraud.api.bank.example'],
      gateways: ['api'],
      http: [{ name: 'fraud', delegate: { name: 'fraud-routes', namespace: 'bank' } }],
    });
  });

  it('opens the network from who may connect to its endpoints, and no further', () => {
    const behind = newBehind();
    newGateway(behind);
    const pods = { 'app.kubernetes.io/component': 'gateway', 'app.kubernetes.io/name': 'api' };
    const inside = (matchLabels: object) => [
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'bank' } },
        podSelector: { matchLabels },
      },
    ];
    const ports = (...numbers: readonly number[]) =>
      numbers.map((port) => ({ port, protocol: 'TCP' }));
    const own = at(documentOf(behind.app, 'NetworkPolicy', 'api'), 'spec');
    assert.deepEqual(at(own, 'ingress'), [
      { from: [{ ipBlock: { cidr: '10.0.0.0/16' } }], ports: ports(8443) },
    ]);
    assert.deepEqual(at(documentOf(behind.app, 'NetworkPolicy', 'api-to-fraud'), 'spec'), {
      podSelector: { matchLabels: behind.fraud.workloads[0]?.podLabels },
      policyTypes: ['Ingress'],
      ingress: [{ from: inside(pods), ports: ports(8000, 8001) }],
    });
  });

  it('has a load balancer that only the private network reaches', () => {
    const behind = newBehind();
    newGateway(behind);
    const service = documentOf(behind.app, 'Service', 'api');
    assert.equal(
      at(service, 'metadata', 'annotations', 'service.beta.kubernetes.io/aws-load-balancer-scheme'),
      'internal',
    );
    assert.equal(at(service, 'spec', 'type'), 'LoadBalancer');
    assert.deepEqual(at(service, 'spec', 'loadBalancerSourceRanges'), ['10.0.0.0/16']);
  });

  it('has none where only pods call', () => {
    const behind = newBehind();
    newGateway(behind, { from: [Peer.namespace('payments')] });
    assert.equal(at(documentOf(behind.app, 'Service', 'api'), 'spec', 'type'), 'ClusterIP');
  });

  it('has as many pods as its most available endpoint, each sized for its share', () => {
    const behind = newBehind();
    const busy = newEndpoint(behind.site, { traffic: { peakRequestsPerSecond: 9900 } }, 'busy');
    const callers = Callers.withToken();
    newGateway(behind, {
      access: [
        { endpoint: behind.fraud, callers },
        { endpoint: busy, callers },
      ],
    });
    const spec = at(documentOf(behind.app, 'HorizontalPodAutoscaler', 'api'), 'spec');
    const { minReplicas, maxReplicas } = spec as { minReplicas: number; maxReplicas: number };
    // 10,000 requests at 0.4 milliseconds of CPU are four cores: 1.35 on each of three, 60 % busy.
    assert.deepEqual([minReplicas, maxReplicas], [3, 10]);
    const resources = at(
      documentOf(behind.app, 'Deployment', 'api'),
      ...['spec', 'template', 'spec', 'containers', 0, 'resources', 'requests', 'cpu'],
    );
    assert.equal(resources, '1350m');
  });

  it('pulls the proxy from the site’s registry', () => {
    const behind = newBehind();
    newGateway(behind);
    assert.equal(
      at(
        documentOf(behind.app, 'Deployment', 'api'),
        ...['spec', 'template', 'spec', 'containers', 0, 'image'],
      ),
      'registry.bank.example/serving/istio/proxyv2:1.31.0',
    );
  });

  it('leaves nothing behind where it is refused', () => {
    const behind = newBehind();
    const before = documents(behind.app).length;
    assert.throws(() => newGateway(behind, { host: 'nowhere' }));
    assert.equal(documents(behind.app).length, before);
    newGateway(behind);
  });

  it('is refused on a site without a mesh', () => {
    const behind = newBehind();
    const site = newSite(newZone(new App()));
    const endpoint = newEndpoint(site);
    const access = [{ endpoint, callers: Callers.withToken() }] as const;
    refuses(
      () => new InferenceGateway(site, 'api', gatewayProps(behind, { access: [...access] })),
      'MANARA_GATEWAY',
      'site "dubai" has no mesh',
      'mesh: ServiceMesh.istio()',
    );
  });

  it('refuses what does not fit its endpoints', () => {
    const behind = newBehind();
    const { fraud: endpoint, site } = behind;
    const callers = Callers.withToken();
    const north = newSite(site.zone, 'north', {
      place: 'azure:uaenorth',
      mesh: site.mesh,
    } as never);
    const elsewhere = new ModelEndpoint(site.zone, 'elsewhere', endpointProps(north));
    const refused = (props: object, ...texts: readonly string[]) => {
      refuses(() => newGateway(behind, props), 'MANARA_GATEWAY', '[bank/dubai/api]', ...texts);
    };
    refused({ access: [] }, 'access:');
    refused({ access: [{ endpoint: elsewhere, callers }] }, 'access.0.endpoint', 'on north');
    refused({ access: [{ endpoint, callers, versions: [3] }] }, 'access.0.versions', '1, 2', '3');
    refused({ access: [{ endpoint, callers, verbs: ['admin'] }] }, 'access.0.verbs', 'admin');
    refused({ access: [{ endpoint, callers, verbs: [] }] }, 'access.0.verbs', 'none');
    refused({ host: 'API.bank.example' }, 'host:', 'API.bank.example');
    refused({ from: [] }, 'from:');
    refused({ issuers: [] }, 'issuers:');
    refused(
      { cors: { origins: ['app.bank.example'] } },
      'cors.origins',
      'https://app.bank.example',
    );
    refused({ maxRequestBytes: 0 }, 'maxRequestBytes', '0');
  });

  it('refuses props of another kind', () => {
    const behind = newBehind();
    refuses(
      () => newGateway(behind, { tls: untyped('1.3') }),
      'MANARA_PROP',
      'tls: expected a GatewayTls; received "1.3"',
    );
  });
});
