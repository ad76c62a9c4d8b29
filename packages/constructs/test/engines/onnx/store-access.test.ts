import assert from 'node:assert/strict';
import { ApiObject, App } from 'cdk8s';
import { ModelBucket, ModelVersion, Peer } from '../../../src';
import { dataFlows } from '../../../src/flows/data-flows';
import { undeclaredFlows } from '../../../src/flows/manifest-flows';
import { refuses } from '../../support/errors';
import { newArtifact, newEndpoint, newSite, newZone, type UaePlace } from '../../support/fixtures';
import { at, configText, documentOf } from '../../support/manifests';

const peer = Peer.addresses('10.20.0.0/24');
const blob = new ModelBucket({
  place: 'azure:uaenorth',
  uri: 'azblob://bankmodels/models',
  peer,
  readerAnnotations: {
    'azure.workload.identity/client-id': '00000000-0000-0000-0000-000000000000',
  },
});
const registry = new ModelBucket({
  place: 'azure:uaenorth',
  uri: 'oci://registry.bank.example:5000/models',
  peer,
  loginSecret: 'registry-login',
  leadsTo: ['tokens.bank.example', 'blobs.bank.example:8443'],
});

function built(bucket: ModelBucket<UaePlace>, key: string) {
  const app = new App();
  const zone = newZone(app);
  const site = newSite(zone, 'north', { place: 'azure:uaenorth' });
  const versions = [new ModelVersion(1, newArtifact({ bucket, key }))] as const;
  const endpoint = newEndpoint(site, { versions });
  return { app, site, endpoint };
}

describe('weights in Azure Blob Storage', () => {
  const { app, site, endpoint } = built(blob, 'fraud/1/model.onnx');
  const template = at(documentOf(app, 'Deployment', 'fraud'), 'spec', 'template');

  it('are named to the pod as an account, a container and a path', () => {
    const config = configText(documentOf(app, 'Deployment', 'fraud'));
    assert.match(config, /"uri": "azblob:\/\/bankmodels\/models\/fraud\/1\/model\.onnx"/);
  });

  it('are read by workload identity, which a label asks for', () => {
    assert.equal(at(template, 'metadata', 'labels', 'azure.workload.identity/use'), 'true');
    const selector = at(documentOf(app, 'Deployment', 'fraud'), 'spec', 'selector');
    assert.equal(at(selector, 'matchLabels', 'azure.workload.identity/use'), undefined);
  });

  it('are a flow from the account’s host, and any other account is an undeclared one', () => {
    assert.deepEqual(undeclaredFlows(site, endpoint[dataFlows]()), []);
    const metadata = { name: 'plain' };
    const data = { uri: 'azblob://othermodels/models/fraud/1/model.onnx' };
    new ApiObject(site, 'other', { apiVersion: 'v1', kind: 'ConfigMap', metadata, data });
    assert.deepEqual(
      undeclaredFlows(site, endpoint[dataFlows]()).map(({ kind, evidence }) => [kind, evidence]),
      [
        [
          'artifact',
          `ConfigMap "plain" reads "${data.uri}", which no ModelBucket of the zone declares`,
        ],
      ],
    );
  });
});

describe('weights in a registry', () => {
  const { app, site, endpoint } = built(registry, 'fraud:1');
  const pod = at(documentOf(app, 'Deployment', 'fraud'), 'spec', 'template', 'spec');
  const fetch = at(pod, 'initContainers', 0);

  it('are named as an artifact', () => {
    const config = configText(documentOf(app, 'Deployment', 'fraud'));
    assert.match(config, /"uri": "oci:\/\/registry\.bank\.example:5000\/models\/fraud:1"/);
  });

  it('are fetched from where the registry leads to, and from nowhere else', () => {
    assert.deepEqual((at(fetch, 'args') as readonly string[]).slice(-4), [
      '--allow-host',
      'tokens.bank.example',
      '--allow-host',
      'blobs.bank.example:8443',
    ]);
    const policy = documentOf(app, 'NetworkPolicy', 'fraud');
    const ports = (at(policy, 'spec', 'egress') as readonly unknown[])
      .filter((rule) => JSON.stringify(rule).includes('10.20.0.0/24'))
      .map((rule) => at(rule, 'ports', 0, 'port'));
    assert.deepEqual(ports, [5000, 443, 8443]);
  });

  it('are a flow from each of the hosts', () => {
    const uris = endpoint[dataFlows]().flatMap((flow) =>
      flow.status === 'declared' && flow.kind === 'artifact'
        ? [[flow.from.uri, flow.encryption]]
        : [],
    );
    assert.deepEqual(uris, [
      ['oci://registry.bank.example:5000/models/fraud:1', 'tls'],
      ['https://tokens.bank.example', 'tls'],
      ['https://blobs.bank.example:8443', 'tls'],
    ]);
    assert.deepEqual(undeclaredFlows(site, endpoint[dataFlows]()), []);
  });

  it('are read with a login of Docker’s form', () => {
    assert.deepEqual(at(fetch, 'env'), [{ name: 'DOCKER_CONFIG', value: '/etc/manara-login' }]);
    const volume = (at(pod, 'volumes') as readonly { readonly name: string }[]).find(
      ({ name }) => name === 'login',
    );
    assert.deepEqual(volume, {
      name: 'login',
      secret: {
        secretName: 'registry-login',
        items: [{ key: '.dockerconfigjson', path: 'config.json' }],
      },
    });
    const mounts = at(fetch, 'volumeMounts') as readonly { readonly name: string }[];
    assert.deepEqual(
      mounts.find(({ name }) => name === 'login'),
      { name: 'login', mountPath: '/etc/manara-login', readOnly: true },
    );
  });

  for (const key of [
    'fraud',
    'fraud/1/model.onnx',
    'fraud:',
    'Fraud:1',
    'fraud@sha256:abc',
    '../a:1',
  ]) {
    it(`have no key "${key}"`, () => {
      refuses(
        () => newArtifact({ bucket: registry, key }),
        'MANARA_URI',
        'key: expected an artifact such as fraud:1, in registries alone',
        `received "${key}"`,
      );
    });
  }

  it('may be named by digest', () => {
    const key = `fraud@sha256:${'a'.repeat(64)}`;
    assert.equal(newArtifact({ bucket: registry, key }).key, key);
  });

  it('are not copied to where keys are paths', () => {
    refuses(
      () => newArtifact({ bucket: registry, copies: [blob], key: 'fraud:1' }),
      'MANARA_URI',
      'key:',
    );
  });
});

describe('ModelBucket', () => {
  const at = (props: Partial<ConstructorParameters<typeof ModelBucket>[0]>) => () =>
    new ModelBucket({
      place: 'azure:uaenorth',
      uri: 'oci://registry.bank.example/models',
      peer,
      ...props,
    });

  for (const uri of ['azblob://bankmodels', 'azblob://Bank/models', 'azblob://bankmodels/a']) {
    it(`refuses the container "${uri}"`, () => {
      refuses(
        at({ uri }),
        'MANARA_URI',
        'uri: expected azblob://<storage account>/<container>',
        uri,
      );
    });
  }

  for (const uri of ['oci://registry.bank.example', 'oci:///models', 'oci://a b/c', 'oci://a/B']) {
    it(`refuses the registry "${uri}"`, () => {
      refuses(at({ uri }), 'MANARA_URI', 'uri: expected oci://<host>/<repository>', uri);
    });
  }

  it('is on Azure where its address is', () => {
    refuses(
      at({ uri: 'azblob://bankmodels/models', place: 'aws:me-central-1' }),
      'MANARA_URI',
      'place: "azblob://bankmodels/models" is a store of Azure',
    );
  });

  it('refuses a login and hosts that its scheme has no use for', () => {
    const uri = 'azblob://bankmodels/models';
    refuses(at({ uri, loginSecret: 'x' }), 'MANARA_URI', 'loginSecret: expected none beside');
    refuses(at({ uri, leadsTo: ['a.example'] }), 'MANARA_URI', 'leadsTo: expected none beside');
  });

  for (const host of ['https://a.example', 'a.example/path', 'A.example', 'a.example:443', '']) {
    it(`refuses to lead to "${host}"`, () => {
      refuses(at({ leadsTo: [host] }), 'MANARA_URI', 'leadsTo: expected a host', `"${host}"`);
    });
  }
});
