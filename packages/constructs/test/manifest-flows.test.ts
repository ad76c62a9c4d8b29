import assert from 'node:assert/strict';
import type { UndeclaredFlow } from '@manara/residency';
import { ApiObject, App } from 'cdk8s';
import { dataFlows, ModelVersion, Peer, type SiteProps, TraceSink } from '../src';
import { undeclaredFlows } from '../src/manifest-flows';
import {
  bucket,
  newArtifact,
  newEndpoint,
  newSite,
  newZone,
  type UaePlace,
} from './support/fixtures';

/** What is found in one object beside an endpoint that reads `s3://bank-models` at 10.20.0.0/24. */
function findsIn(
  manifest: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly [field: string]: unknown;
  },
  props: Partial<SiteProps<UaePlace>> = {},
): readonly UndeclaredFlow[] {
  const site = newSite(newZone(new App()), 'dubai', props);
  const endpoint = newEndpoint(site, {
    versions: [new ModelVersion(1, newArtifact({ bucket }))],
  });
  new ApiObject(site, 'plain', { metadata: { name: 'plain' }, ...manifest });
  return undeclaredFlows(site, endpoint[dataFlows]());
}

const ours = 'registry.bank.example/serving/app:1';
const pod = (containers: object) => ({ template: { spec: containers } });
const deployment = (container: object) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  spec: pod({ containers: [{ name: 'app', image: ours, ...container }] }),
});
const policy = (egress: readonly object[]) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  spec: { podSelector: {}, policyTypes: ['Egress'], egress },
});

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

  it('is not taken in by a registry whose name starts like the site’s', () => {
    assert.equal(findsIn(deployment({ image: 'registry.bank.example/serving2/a:1' })).length, 1);
    assert.equal(findsIn(deployment({ image: ours })).length, 0);
  });

  for (const [kind, spec] of [
    ['CronJob', { jobTemplate: { spec: pod({ containers: [{ image: 'busybox' }] }) } }],
    ['Job', pod({ containers: [{ image: ours }], initContainers: [{ image: 'busybox' }] })],
    ['Pod', { containers: [{ image: ours }], ephemeralContainers: [{ image: 'busybox' }] }],
    ['Rollout', pod({ containers: [{ image: 'busybox' }] })],
    ['InferenceService', { predictor: { containers: [{ image: 'busybox' }] } }],
  ] as const) {
    it(`finds an image in a ${kind}`, () => {
      assert.deepEqual(
        findsIn({ apiVersion: 'any/v1', kind, spec }).map((f) => f.evidence),
        [
          `${kind} "plain" runs image "busybox", which is not from the site's registry "registry.bank.example/serving"`,
        ],
      );
    });
  }

  for (const [name, kind] of [
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'trace'],
    ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'trace'],
    ['OTEL_EXPORTER_OTLP_METRICS_ENDPOINT', 'metric'],
    ['OTEL_EXPORTER_OTLP_LOGS_ENDPOINT', 'log'],
  ] as const) {
    it(`takes ${name} for a ${kind} flow`, () => {
      const env = [
        { name: 'HOME', value: '/' },
        { name, value: 'https://otlp.vendor.example' },
      ];
      assert.deepEqual(
        findsIn(deployment({ env })).map((f) => [f.kind, f.evidence]),
        [
          [
            kind,
            `Deployment "plain" sets ${name} to "https://otlp.vendor.example", which no sink of the zone declares`,
          ],
        ],
      );
    });
  }

  it('accepts the collector that the site declares', () => {
    const uri = 'https://otel.bank.example';
    const peer = Peer.namespace('monitoring');
    const traces = new TraceSink({ place: 'aws:me-central-1', uri, peer });
    const env = [{ name: 'OTEL_EXPORTER_OTLP_ENDPOINT', value: uri }];
    assert.deepEqual(findsIn(deployment({ env }), { traces }), []);
  });

  it('finds weights from a bucket that nobody declared, in arguments, variables and storageUri', () => {
    const container = {
      args: ['--model-repository=s3://other/models', '--also', 's3://bank-models/x'],
      env: [{ name: 'MODEL', value: 'hf://org/model' }],
    };
    const evidence = (object: string, uri: string) =>
      `${object} "plain" reads "${uri}", which no ModelBucket of the zone declares`;
    assert.deepEqual(
      findsIn(deployment(container)).map((f) => [f.kind, f.evidence]),
      [
        ['artifact', evidence('Deployment', 's3://other/models')],
        ['artifact', evidence('Deployment', 'hf://org/model')],
      ],
    );
    const spec = { predictor: { model: { storageUri: 'gs://kfserving/iris' } } };
    assert.deepEqual(
      findsIn({ apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', spec }).map(
        (f) => f.evidence,
      ),
      [evidence('InferenceService', 'gs://kfserving/iris')],
    );
  });

  it('accepts another object of a bucket that is declared', () => {
    assert.deepEqual(findsIn(deployment({ args: ['s3://bank-models/fraud/2/model.onnx'] })), []);
    assert.equal(findsIn(deployment({ args: ['s3://bank-models-eu/fraud'] })).length, 1);
  });

  for (const [what, egress, evidence] of [
    ['a rule without destinations', [{}], ['lets pods connect to any address']],
    ['a rule for a port alone', [{ ports: [{ port: 443 }] }], ['lets pods connect to any address']],
    [
      'the whole internet',
      [{ to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] } }] }],
      ['lets pods connect to 0.0.0.0/0, which no declared flow explains'],
    ],
    [
      'an address beside one that is declared',
      [{ to: [{ ipBlock: { cidr: '10.20.0.0/24' } }, { ipBlock: { cidr: '10.99.0.0/24' } }] }],
      ['lets pods connect to 10.99.0.0/24, which no declared flow explains'],
    ],
    ['pods of the cluster', [{ to: [{ namespaceSelector: {} }] }], []],
    ['no way out', [], []],
  ] as const) {
    it(`judges a NetworkPolicy with ${what}`, () => {
      assert.deepEqual(
        findsIn(policy(egress)).map((f) => [f.kind, f.evidence]),
        evidence.map((text) => ['egress', `NetworkPolicy "plain" ${text}`]),
      );
    });
  }

  it('finds a Service that leads out of the cluster, unless a flow declares the host', () => {
    const service = (externalName: string) => ({
      apiVersion: 'v1',
      kind: 'Service',
      spec: { type: 'ExternalName', externalName },
    });
    assert.deepEqual(
      findsIn(service('api.vendor.example')).map((f) => [f.kind, f.evidence, f.fix]),
      [
        [
          'egress',
          'Service "plain" leads to "api.vendor.example", which no flow declares',
          'remove it, or declare the sink or bucket that is reached there',
        ],
      ],
    );
    const traces = new TraceSink({
      place: 'aws:me-central-1',
      uri: 'https://otel.bank.example:4318',
      peer: Peer.addresses('10.30.0.0/28'),
    });
    assert.deepEqual(findsIn(service('otel.bank.example'), { traces }), []);
  });
});
