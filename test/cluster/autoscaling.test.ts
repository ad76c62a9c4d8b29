import assert from 'node:assert/strict';
import {
  Autoscaling,
  ImageRegistry,
  manifestFiles,
  ModelArtifact,
  ModelBucket,
  ModelEndpoint,
  ModelVersion,
  none,
  ResidencyZone,
  ScalingMetric,
  ServingEngine,
  Site,
  SpareCapacity,
} from '@manara/constructs';
import { DataClass, Jurisdiction } from '@manara/residency';
import { App, Duration } from 'cdk8s';
import { ControlPlane, controlPlaneBinaries } from '../bed/control-plane';
import { type KubernetesDocument, nameOf } from '../support/documents';
import { podOf, restrictedNamespace, serviceAccount } from './pods';

/** An endpoint that follows two metrics, whose image is pulled ahead of it, with room to spare. */
function autoscaledDocuments(): readonly KubernetesDocument[] {
  const app = new App();
  const place = 'aws:me-central-1';
  const zone = new ResidencyZone(app, 'bank', {
    jurisdiction: Jurisdiction.AE_ONSHORE,
    places: [place],
    data: [DataClass.PERSONAL],
  });
  const site = new Site(zone, 'dubai', {
    place,
    images: new ImageRegistry({ place, prefix: 'registry.bank.example' }),
    logs: none('a test'),
    metrics: none('a test'),
    traces: none('a test'),
    backup: none('a test'),
  });
  const artifact = new ModelArtifact({
    bucket: new ModelBucket({ place, uri: 'pvc://models' }),
    key: 'fraud/1/model.onnx',
    sha256: 'a'.repeat(64),
    sizeBytes: 1_000_000,
  });
  const like = new ModelEndpoint(zone, 'fraud', {
    versions: [new ModelVersion(1, artifact)],
    engine: ServingEngine.onnx({
      serviceTimeMicros: 20_000,
      coldStart: { node: Duration.seconds(90), imagePull: Duration.minutes(3) },
    }),
    sites: [site],
    standby: none('one site'),
    objective: { p99Latency: Duration.millis(100), availabilityPercent: 99.9 },
    traffic: { peakRequestsPerSecond: 2000, surge: { factor: 3, within: Duration.minutes(2) } },
    autoscaling: Autoscaling.hpa({ on: [ScalingMetric.cpu(), ScalingMetric.inFlight()] }),
  });
  new SpareCapacity(zone, 'spare', { site, like });
  return manifestFiles(app).flatMap(({ documents }) => documents as readonly KubernetesDocument[]);
}

describe('an autoscaled endpoint on a real API server', function () {
  this.timeout(60_000);
  const documents = autoscaledDocuments();
  let plane: ControlPlane;

  before(async function () {
    this.timeout(0);
    const binaries = controlPlaneBinaries();
    if (binaries === undefined) return this.skip();
    plane = await ControlPlane.start(binaries);
  });
  after(async () => {
    await (plane as ControlPlane | undefined)?.stop();
  });

  it('is created with strict field validation and no warning, and stays as it is', async () => {
    const kinds = documents.map(({ kind }) => kind);
    for (const kind of ['HorizontalPodAutoscaler', 'DaemonSet', 'PriorityClass']) {
      assert(kinds.includes(kind), kind);
    }
    const ordered = [...documents].sort(
      (a, b) => Number(b.kind === 'Namespace') - Number(a.kind === 'Namespace'),
    );
    for (const document of ordered) {
      const { warnings } = await plane.api.createStrict(document);
      assert.deepEqual(warnings, [], nameOf(document));
    }
    for (const document of ordered) {
      const created = await plane.api.get(document);
      const { object } = await plane.api.applyStrict(document, { force: true });
      assert.equal(object.metadata.generation, created.metadata.generation, nameOf(document));
    }
  });

  it('has idle pods that Pod Security "restricted" admits, with their priority', async () => {
    const namespace = 'pod-security';
    await plane.api.createStrict(restrictedNamespace(namespace));
    await plane.api.applyStrict(serviceAccount('default', namespace));
    const idle = documents.filter(({ metadata }) =>
      ['spare', 'fraud-image'].includes(metadata.name),
    );
    const pods = idle.flatMap((document) => podOf(document, namespace) ?? []);
    assert.equal(pods.length, 2);
    for (const pod of pods) {
      const { warnings } = await plane.api.createStrict(pod, { dryRun: true });
      assert.deepEqual(warnings, [], nameOf(pod));
    }
  });
});
