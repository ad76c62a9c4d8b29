import assert from 'node:assert/strict';
import { Duration } from 'cdk8s';
import { ModelBucket, ModelVersion, ServiceMesh } from '../../src';
import { refuses } from '../support/errors';
import { bucket, newArtifact, newEndpoint, untyped } from '../support/fixtures';
import { at, documentOf } from '../support/manifests';
import { newMeshSite, ofKind } from './support';

describe('ServiceMesh.istio', () => {
  it('refuses what Istio would', () => {
    refuses(() => ServiceMesh.istio({ revision: '1.27' }), 'MANARA_MESH', 'revision:', '"1.27"');
    refuses(
      () => ServiceMesh.istio({ trustDomain: 'spiffe://bank' }),
      'MANARA_MESH',
      'trustDomain: expected one such as "bank.example"; received "spiffe://bank"',
    );
    refuses(
      () => ServiceMesh.istio({ controlPlane: untyped('istio-system') }),
      'MANARA_PROP',
      'controlPlane: expected a Peer',
    );
  });

  it('starts the sidecar before weights are fetched, and keeps it off what the node answers', () => {
    const { app, site } = newMeshSite();
    newEndpoint(site);
    const pod = at(documentOf(app, 'Deployment', 'fraud'), 'spec', 'template', 'metadata');
    const annotations = at(pod, 'annotations') as Readonly<Record<string, string>>;
    assert.equal(annotations['sidecar.istio.io/nativeSidecar'], 'true');
    assert.equal(annotations['sidecar.istio.io/rewriteAppHTTPProbers'], 'true');
    assert.equal(annotations['traffic.sidecar.istio.io/excludeOutboundIPRanges'], '169.254.0.0/16');
    assert.equal('sidecar.istio.io/proxyImage' in annotations, false);
  });

  it('takes the sidecar from the site’s registry where it is told which', () => {
    const { app, site } = newMeshSite({
      mesh: ServiceMesh.istio({ proxyImage: { name: 'istio/proxyv2', tag: '1.27.3' } }),
    });
    newEndpoint(site);
    const pod = at(documentOf(app, 'Deployment', 'fraud'), 'spec', 'template', 'metadata');
    assert.equal(
      at(pod, 'annotations', 'sidecar.istio.io/proxyImage'),
      'registry.bank.example/serving/istio/proxyv2:1.27.3',
    );
  });

  it('names the protocol of the port whose name does not', () => {
    const { app, site } = newMeshSite();
    newEndpoint(site);
    const ports = at(documentOf(app, 'Service', 'fraud'), 'spec', 'ports') as readonly object[];
    assert.deepEqual(
      ports.map((port) => [at(port, 'name'), at(port, 'appProtocol')]),
      [
        ['http', undefined],
        ['grpc', undefined],
        ['metrics', 'http'],
      ],
    );
  });

  it('leaves jobs that copy weights outside', () => {
    const { app, site } = newMeshSite();
    const copy = new ModelBucket({
      place: 'azure:uaenorth',
      uri: 'pvc://models',
      copy: { from: bucket, every: Duration.minutes(10) },
    });
    const north = newMeshSite({ place: 'azure:uaenorth' });
    newEndpoint(north.site, {
      versions: [new ModelVersion(1, newArtifact({ bucket, copies: [copy] }))],
    });
    const job = ofKind(north.app, 'CronJob')[0];
    const template = at(job, 'spec', 'jobTemplate', 'spec', 'template');
    assert.equal(at(template, 'metadata', 'labels', 'sidecar.istio.io/inject'), 'false');
    newEndpoint(site);
    assert.deepEqual(ofKind(app, 'CronJob'), []);
  });
});
