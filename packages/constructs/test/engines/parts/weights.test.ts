import assert from 'node:assert/strict';
import { App } from 'cdk8s';
import { ModelBucket, ModelVersion, Peer } from '../../../src';
import { publishedFiles } from '../../../src/engines/parts/weights';
import { bucket, newArtifact, newEndpoint, newSite, newZone, sha256 } from '../../support/fixtures';
import { at, documentOf } from '../../support/manifests';

const place = 'aws:me-central-1';

describe('publishedFiles', () => {
  const explanation = { sha256: 'b'.repeat(64) };

  it('are at the bucket’s address, or on a path of the mounted claim', () => {
    const store = new ModelBucket({ place, uri: 'pvc://model-store/team-a' });
    const uri = 's3://bank-models/fraud/1/model.onnx';
    assert.deepEqual(publishedFiles(newArtifact({ bucket }), bucket), { uri, sha256 });
    assert.deepEqual(publishedFiles(newArtifact({ bucket: store, explanation }), store), {
      uri: 'file:///mnt/claims/model-store/team-a/fraud/1/model.onnx',
      sha256,
      explanation: {
        uri: 'file:///mnt/claims/model-store/team-a/fraud/1/explain.json',
        ...explanation,
      },
    });
  });
});

describe('weights', () => {
  it('mount each claim once, read-only', () => {
    const app = new App();
    const other = new ModelBucket({ place, uri: 'pvc://other-store' });
    newEndpoint(newSite(newZone(app)), {
      versions: [
        new ModelVersion(1, newArtifact()),
        new ModelVersion(2, newArtifact({ key: 'fraud/2/model.onnx' })),
        new ModelVersion(3, newArtifact({ bucket: other })),
      ],
    });
    const pod = at(documentOf(app, 'Deployment', 'fraud'), 'spec', 'template', 'spec');
    const claims = (
      at(pod, 'volumes') as { name: string; persistentVolumeClaim?: object }[]
    ).filter((v) => v.persistentVolumeClaim !== undefined);
    const volume = (claimName: string) => ({
      name: `claim-${claimName}`,
      persistentVolumeClaim: { claimName, readOnly: true },
    });
    assert.deepEqual(
      claims.sort((a, b) => a.name.localeCompare(b.name)),
      [volume('model-store'), volume('other-store')],
    );
  });

  it('let the service account read the bucket', () => {
    const app = new App();
    const role = { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::111122223333:role/reader' };
    const readable = new ModelBucket({
      place,
      uri: 's3://bank-models',
      peer: Peer.addresses('10.20.0.0/24'),
      readerAnnotations: role,
    });
    newEndpoint(newSite(newZone(app)), {
      versions: [new ModelVersion(1, newArtifact({ bucket: readable }))],
    });
    const account = documentOf(app, 'ServiceAccount', 'fraud');
    assert.deepEqual(at(account, 'metadata', 'annotations'), role);
  });
});
