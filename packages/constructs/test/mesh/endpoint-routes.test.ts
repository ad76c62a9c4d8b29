import assert from 'node:assert/strict';
import { Duration } from 'cdk8s';
import type { ModelEndpointProps, VersionRoutes } from '../../src';
import { refuses } from '../support/errors';
import { newEndpoint, newSite, newZone, type UaePlace, untyped } from '../support/fixtures';
import { at, configText, documentOf } from '../support/manifests';
import { newMeshSite, specOf, versions } from './support';

const host = 'fraud.bank.svc.cluster.local';
const to = { destination: { host, port: { number: 8000 } } };
const toGrpc = { destination: { host, port: { number: 8001 } } };
const isGrpc = { 'content-type': { prefix: 'application/grpc' } };
const retries = {
  attempts: 2,
  retryOn: 'connect-failure,refused-stream,reset-before-request',
};
const naming = (version: number) => ({
  request: { set: { 'x-manara-version': String(version) } },
});

describe('routes of an endpoint in a mesh', () => {
  it('delegate, with a time-out for what the objective is about and retries of what no server saw', () => {
    assert.deepEqual(specOf('VirtualService', 'fraud', { versions }), {
      hosts: [host],
      http: [
        {
          name: 'metrics',
          match: [{ port: 8002 }],
          route: [{ destination: { host, port: { number: 8002 } } }],
        },
        {
          name: 'infer',
          match: [
            { uri: { exact: '/v2/models/fraud/infer' } },
            { uri: { exact: '/v2/models/fraud/versions/1/infer' } },
            { uri: { exact: '/v2/models/fraud/versions/2/infer' } },
            { uri: { exact: '/inference.GRPCInferenceService/ModelInfer' } },
          ],
          timeout: '1000ms',
          retries,
          delegate: { name: 'fraud-routes' },
        },
        { name: 'other', retries, delegate: { name: 'fraud-routes' } },
      ],
    });
    const slow = specOf('VirtualService', 'fraud', {
      objective: { p99Latency: Duration.seconds(2), availabilityPercent: 99.9 },
    });
    assert.equal(at(slow, 'http', 1, 'timeout'), '10000ms');
  });

  it('lead to the Service, where a rollout divides nothing', () => {
    assert.deepEqual(specOf('VirtualService', 'fraud-routes'), {
      http: [
        { name: 'primary-grpc', match: [{ headers: isGrpc }], route: [toGrpc] },
        { name: 'primary', route: [to] },
      ],
    });
    assert.equal(at(specOf('DestinationRule', 'fraud'), 'subsets'), undefined);
  });

  it('are divided between two subsets once a rollout asks', () => {
    const { app, site } = newMeshSite();
    newEndpoint(site).workloads[0]?.routes?.divide();
    const labels = {
      'app.kubernetes.io/name': 'fraud',
      'app.kubernetes.io/component': 'model-server',
    };
    const divided = (port: number) => [
      { destination: { host, port: { number: port }, subset: 'stable' }, weight: 100 },
      { destination: { host, port: { number: port }, subset: 'canary' }, weight: 0 },
    ];
    assert.deepEqual(at(documentOf(app, 'VirtualService', 'fraud-weights'), 'spec', 'http'), [
      { name: 'primary-grpc', match: [{ headers: isGrpc }], route: divided(8001) },
      { name: 'primary', route: divided(8000) },
    ]);
    assert.deepEqual(at(documentOf(app, 'DestinationRule', 'fraud'), 'spec', 'subsets'), [
      { name: 'stable', labels },
      { name: 'canary', labels },
    ]);
    // A name of its own: what led to the routes before is to be applied, what is weighed is not.
    const led = at(documentOf(app, 'VirtualService', 'fraud'), 'spec', 'http', 1, 'delegate');
    assert.deepEqual(led, { name: 'fraud-weights' });
  });

  it('name the version in a header, as weights, headers and callers have it', () => {
    const routes = {
      weights: { 1: 90, 2: 10 },
      headers: [{ header: 'x-cohort', equals: 'beta', version: 2 }],
    };
    const routesOf = (suffix: string, headers: object, there: object) => [
      {
        name: `named${suffix}`,
        match: [
          { headers: { 'x-manara-version': { exact: '1' }, ...headers } },
          { headers: { 'x-manara-version': { exact: '2' }, ...headers } },
        ],
        route: [there],
      },
      {
        name: `header-1${suffix}`,
        match: [{ headers: { 'x-cohort': { exact: 'beta' }, ...headers } }],
        headers: naming(2),
        route: [there],
      },
      {
        name: `primary${suffix}`,
        ...(suffix === '' ? {} : { match: [{ headers }] }),
        route: [
          { ...there, weight: 90, headers: naming(1) },
          { ...there, weight: 10, headers: naming(2) },
        ],
      },
    ];
    assert.deepEqual(specOf('VirtualService', 'fraud-routes', { versions, routes }), {
      http: [...routesOf('-grpc', isGrpc, toGrpc), ...routesOf('', {}, to)],
    });
  });

  it('have one owner of the weights', () => {
    const { site } = newMeshSite();
    const endpoint = newEndpoint(site, { versions, routes: { weights: { 1: 50, 2: 50 } } });
    refuses(
      () => endpoint.workloads[0]?.routes?.divide(),
      'MANARA_MESH',
      '[bank/fraud] routes.weights: a rollout divides',
    );
    refuses(
      () =>
        newEndpoint(
          site,
          {
            versions,
            routes: { weights: { 1: 50, 2: 50 } },
            server: {
              config: {
                variants: { models: { twice: { variants: { a: { version: 1, weight: 1 } } } } },
              },
            },
          },
          'twice',
        ),
      'MANARA_ROUTES',
      'routes: variants of server.config divide the same requests',
    );
  });
});

describe('routes of an endpoint', () => {
  const variants = (
    site: Parameters<typeof newEndpoint>[0],
    app: Parameters<typeof documentOf>[0],
  ) => {
    newEndpoint(site, {
      versions,
      defaultVersion: 1,
      routes: {
        weights: { 1: 90, 2: 10 },
        headers: [{ header: 'x-cohort', equals: 'beta', version: 2 }],
      },
    });
    const text = configText(documentOf(app, 'Deployment', 'fraud'));
    return at(JSON.parse(text), 'variants', 'models', 'fraud');
  };
  const named = [
    { header: 'x-manara-version', equals: '1', variant: 'v1' },
    { header: 'x-manara-version', equals: '2', variant: 'v2' },
  ];

  it('are the server’s where there is no mesh', () => {
    const zone = newZone();
    assert.deepEqual(variants(newSite(zone), untyped(zone.node.root)), {
      variants: { v1: { version: 1, weight: 90 }, v2: { version: 2, weight: 10 } },
      rules: [...named, { header: 'x-cohort', equals: 'beta', variant: 'v2' }],
    });
  });

  it('are the mesh’s where there is one, and the server reads the version that it names', () => {
    const { app, site } = newMeshSite();
    assert.deepEqual(variants(site, app), {
      variants: { v1: { version: 1, weight: 100 }, v2: { version: 2, weight: 0 } },
      rules: named,
    });
  });

  for (const [what, routes, text] of [
    ['weights that are not 100 together', { weights: { 1: 90, 2: 20 } }, 'received 90 + 20 = 110'],
    ['no weights', { weights: {} }, 'weights: expected 100 together; received none = 0'],
    [
      'a share of a version',
      { weights: { 1: 99.5, 2: 0.5 } },
      'weights.1: expected whole percents',
    ],
    ['a weight below 0', { weights: { 1: 110, 2: -10 } }, 'received 110'],
    [
      'a version that is not served',
      { weights: { 3: 100 } },
      'weights: expected versions 1, 2; received "3"',
    ],
    [
      'a header that leads to a version that is not served',
      { headers: [{ header: 'x-cohort', equals: 'beta', version: 3 }] },
      'headers.0.version: expected one of 1, 2; received 3',
    ],
    [
      'a header in capitals',
      { headers: [{ header: 'X-Cohort', equals: 'beta', version: 2 }] },
      'headers.0.header: expected a header in lower case',
    ],
    [
      'the header that names a version',
      { headers: [{ header: 'x-manara-version', equals: 'beta', version: 2 }] },
      'received "x-manara-version"',
    ],
    [
      'no value',
      { headers: [{ header: 'x-cohort', equals: '', version: 2 }] },
      'headers.0.equals:',
    ],
    [
      'a value that leads somewhere already',
      {
        headers: [
          { header: 'x-cohort', equals: 'beta', version: 2 },
          { header: 'x-cohort', equals: 'beta', version: 1 },
        ],
      },
      "headers.1: expected another header or value than headers.0's",
    ],
  ] as const satisfies readonly (readonly [string, VersionRoutes, string])[]) {
    it(`refuse ${what}`, () => {
      const props: Partial<ModelEndpointProps<UaePlace>> = { versions, routes };
      refuses(() => newEndpoint(newSite(newZone()), props), 'MANARA_ROUTES', text);
    });
  }
});
