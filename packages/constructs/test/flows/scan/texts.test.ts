import assert from 'node:assert/strict';
import { ApiObject, App } from 'cdk8s';
import { dataFlows, LogSink, ModelBucket, ModelVersion, Peer } from '../../../src';
import { undeclaredFlows } from '../../../src/flows/manifest-flows';
import { newArtifact, newEndpoint, newSite, newZone } from '../../support/fixtures';
import { deployment, findsIn } from '../../support/finds';

describe('texts', () => {
  const names = (host: string, whose: string) => `names ${host} (${whose}), which no flow declares`;
  for (const [what, container, evidence] of [
    [
      'DD_SITE',
      { env: [{ name: 'DD_SITE', value: 'datadoghq.com' }] },
      names('datadoghq.com', 'Datadog'),
    ],
    [
      'HF_ENDPOINT',
      { env: [{ name: 'HF_ENDPOINT', value: 'https://huggingface.co' }] },
      names('huggingface.co', 'Hugging Face'),
    ],
    [
      'an argument',
      { args: ['--remote-write=https://APS.eu-west-1.amazonaws.com/api'] },
      names('aps.eu-west-1.amazonaws.com', 'in aws:eu-west-1'),
    ],
    [
      'a probe',
      { livenessProbe: { httpGet: { host: 'quay.io' } } },
      names('quay.io', 'Red Hat Quay.io'),
    ],
    ['a region of the zone', { args: ['sts.me-central-1.amazonaws.com'] }, undefined],
    ['a host that nothing is known of', { args: ['https://login.bank.example'] }, undefined],
    ['the cluster', { args: ['http://redis.cache.svc.cluster.local', 'localhost:1'] }, undefined],
    [
      'a host that only ends like a known one',
      { args: ['notdatadoghq.com', 'docker.io.bank.ae'] },
      undefined,
    ],
  ] as const) {
    it(`reads ${what}`, () => {
      assert.deepEqual(
        findsIn(deployment(container)).map((f) => f.evidence),
        evidence === undefined ? [] : [`Deployment "plain" ${evidence}`],
      );
    });
  }

  it('reads configuration files, but not their comments, and no annotations', () => {
    const metadata = { name: 'plain', annotations: { docs: 'https://docs.datadoghq.com' } };
    const config = (text: string) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      data: { 'agent.yaml': text },
    });
    const schema = '{"$schema": "https://json-schema.org/draft/2020-12/schema"}';
    assert.deepEqual(findsIn(config(schema)), []);
    assert.deepEqual(findsIn(config('# see https://docs.datadoghq.com\nsite: bank\n')), []);
    assert.deepEqual(
      findsIn(config('site: us5.datadoghq.com\nother: us5.datadoghq.com')).map((f) => f.evidence),
      [`ConfigMap "plain" ${names('us5.datadoghq.com', 'Datadog')}`],
    );
  });

  for (const [what, fieldPath, isRead] of [
    ['the annotation', "metadata.annotations['config']", true],
    ['all annotations', 'metadata.annotations', true],
    ['another annotation', "metadata.annotations['other']", false],
    ['the labels', 'metadata.labels', false],
    ['its name', 'metadata.name', false],
  ] as const) {
    it(`reads an annotation of pods that are given ${what}, ${isRead ? '' : 'not '}as their configuration`, () => {
      const manifest = deployment({});
      const annotations = { config: '{"uri": "s3://other/models"}', other: 'see the docs' };
      const items = [{ path: 'config.json', fieldRef: { fieldPath } }];
      const volumes = [{ name: 'config', downwardAPI: { items } }];
      const template = {
        metadata: { annotations },
        spec: { ...manifest.spec.template.spec, volumes },
      };
      assert.deepEqual(
        findsIn({ ...manifest, spec: { template } }).map((f) => f.evidence),
        isRead
          ? [
              'Deployment "plain" reads "s3://other/models", which no ModelBucket of the zone declares',
            ]
          : [],
      );
    });
  }

  it('reads a label that pods are given as a variable', () => {
    const env = [
      { name: 'DD_SITE', valueFrom: { fieldRef: { fieldPath: "metadata.labels['site']" } } },
    ];
    const { spec, ...manifest } = deployment({ env });
    const template = { metadata: { labels: { site: 'datadoghq.com' } }, ...spec.template };
    assert.deepEqual(
      findsIn({ ...manifest, spec: { template } }).map((f) => f.evidence),
      [`Deployment "plain" ${names('datadoghq.com', 'Datadog')}`],
    );
  });

  it('reads what a Secret holds in base64, and in plain text', () => {
    const secret = (fields: object) => ({ apiVersion: 'v1', kind: 'Secret', ...fields });
    const url = 'https://app.launchdarkly.com';
    for (const fields of [
      { data: { url: Buffer.from(url).toString('base64') } },
      { stringData: { url } },
    ]) {
      assert.deepEqual(
        findsIn(secret(fields)).map((f) => f.evidence),
        [`Secret "plain" ${names('app.launchdarkly.com', 'LaunchDarkly')}`],
      );
    }
  });

  it('accepts a host whose operator a flow declares', () => {
    const logs = new LogSink({
      place: 'aws:me-central-1',
      uri: 'https://http-intake.logs.datadoghq.eu',
    });
    const env = [{ name: 'DD_SITE', value: 'datadoghq.eu' }];
    assert.deepEqual(findsIn(deployment({ env }), { logs }), []);
    assert.equal(
      findsIn(deployment({ env: [{ name: 'DD_SITE', value: 'datadoghq.com' }] }), { logs }).length,
      1,
    );
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
      [
        'InferenceService "plain" is of serving.kserve.io/v1beta1, a kind that may open a way out of the zone',
        evidence('InferenceService', 'gs://kfserving/iris'),
      ],
    );
  });

  it('accepts another object of a bucket that is declared', () => {
    assert.deepEqual(findsIn(deployment({ args: ['s3://bank-models/fraud/2/model.onnx'] })), []);
    assert.equal(findsIn(deployment({ args: ['s3://bank-models-eu/fraud'] })).length, 1);
  });

  it('accepts the bucket of a store that answers at an address of its own', () => {
    const site = newSite(newZone(new App()));
    const store = new ModelBucket({
      place: 'aws:me-central-1',
      uri: 's3://models',
      endpoint: 'https://minio.bank.example:9000',
      peer: Peer.addresses('10.20.0.0/24'),
    });
    const endpoint = newEndpoint(site, {
      versions: [new ModelVersion(1, newArtifact({ bucket: store }))],
    });
    assert.deepEqual(undeclaredFlows(site, endpoint[dataFlows]()), []);
    new ApiObject(site, 'other', { ...deployment({ args: ['s3://other/m'] }) });
    assert.deepEqual(
      undeclaredFlows(site, endpoint[dataFlows]()).map((f) => f.kind),
      ['artifact'],
    );
  });
});
