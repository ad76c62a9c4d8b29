import assert from 'node:assert/strict';
import { secondsToStop } from '@manara/contract';
import { App, Size } from 'cdk8s';
import {
  chartObjects,
  late,
  ModelBucket,
  ModelVersion,
  Peer,
  ServingEngine,
  TraceSink,
} from '../../../src';
import { serverConfig, terminationGraceSeconds } from '../../../src/engines/onnx/server-config';
import { serverSize } from '../../../src/engines/onnx/server-size';
import { refuses } from '../../support/errors';
import { newArtifact, newEndpoint, newSite, newZone, sha256 } from '../../support/fixtures';
import { at, configText, documentOf } from '../../support/manifests';

const peer = Peer.namespace('monitoring');

describe('serverConfig', () => {
  it('is all that the server is told', () => {
    const site = newSite(newZone());
    const endpoint = newEndpoint(site, {
      versions: [
        new ModelVersion(1, newArtifact()),
        new ModelVersion(2, newArtifact({ key: 'fraud/2/model.onnx' })),
      ],
      defaultVersion: 1,
    });
    assert.deepEqual(serverConfig({ endpoint, site, role: 'primary' }, serverSize(endpoint, {})), {
      modelRepository: '/models',
      host: '0.0.0.0',
      allowAnonymous: true,
      httpPort: 8000,
      grpcPort: 8001,
      metricsPort: 8002,
      maxRequestBytes: 1024 * 1024,
      workers: 1,
      intraOpThreads: 1,
      drainDelaySeconds: 5,
      drainTimeoutSeconds: 30,
      logLevel: 'info',
      models: [
        {
          name: 'fraud',
          defaultVersion: 1,
          objectiveMillis: 50,
          versions: [
            { version: 1, uri: 'file:///mnt/claims/model-store/fraud/1/model.onnx', sha256 },
            { version: 2, uri: 'file:///mnt/claims/model-store/fraud/2/model.onnx', sha256 },
          ],
        },
      ],
    });
  });

  it('reads weights and explain.json from the copy in the site’s place', () => {
    const copy = new ModelBucket({ place: 'azure:uaenorth', uri: 'pvc://north' });
    const explanation = { key: 'told/fraud.json', sha256: 'b'.repeat(64) };
    const zone = newZone();
    const standby = newSite(zone, 'north', { place: 'azure:uaenorth' });
    const endpoint = newEndpoint(newSite(zone), {
      versions: [new ModelVersion(1, newArtifact({ copies: [copy], explanation }))],
      standby,
    });
    const workload = { endpoint, site: standby, role: 'standby' } as const;
    assert.deepEqual(serverConfig(workload, serverSize(endpoint, {})).models?.[0]?.versions, [
      {
        version: 1,
        uri: 'file:///mnt/claims/north/fraud/1/model.onnx',
        sha256,
        explanation: {
          uri: 'file:///mnt/claims/north/told/fraud.json',
          sha256: explanation.sha256,
        },
      },
    ]);
  });

  it('stands in the annotation of the pods as JSON', () => {
    const app = new App();
    newEndpoint(newSite(newZone(app)));
    const text = configText(documentOf(app, 'Deployment', 'fraud'));
    assert.equal(at(JSON.parse(text), 'models', 0, 'name'), 'fraud');
    assert(text.endsWith('}\n'));
  });

  it('says where spans go', () => {
    const uri = 'https://otel.bank.example';
    const traces = new TraceSink({ place: 'aws:me-central-1', uri, peer });
    const site = newSite(newZone(), 'dubai', { traces });
    const endpoint = newEndpoint(site);
    const config = serverConfig({ endpoint, site, role: 'primary' }, serverSize(endpoint, {}));
    assert.equal(config.tracesEndpoint, uri);
  });

  it('may hold late values, whole or in part', () => {
    const app = new App();
    const traces = new TraceSink({ place: 'aws:me-central-1', uri: late('collector'), peer });
    const bucket = new ModelBucket({
      place: 'aws:me-central-1',
      uri: `s3://${late('bucket-name')}/models`,
      peer: Peer.addresses('10.20.0.0/24'),
    });
    newEndpoint(newSite(newZone(app), 'dubai', { traces }), {
      versions: [new ModelVersion(1, newArtifact({ bucket }))],
    });
    const [chart] = chartObjects(app);
    const text = configText(
      chart?.objects.find(({ manifest }) => manifest.kind === 'Deployment')?.manifest,
    );
    assert(text.includes('"tracesEndpoint": "${late:collector}"'));
    assert(text.includes('"s3://${late:bucket-name}/models/fraud/1/model.onnx"'));
  });

  it('is refused where the server would refuse it, naming the endpoint and the key', () => {
    const engine = ServingEngine.onnx({ maxRequestSize: Size.gibibytes(4) });
    refuses(
      () => newEndpoint(newSite(newZone()), { engine }),
      'MANARA_ENGINE',
      '[bank/fraud]',
      'maxRequestBytes',
      '4294967296',
    );
  });

  it('leaves the container time to drain before it is killed', () => {
    // 5 and 30 s of draining; 0.25, 5, 5 and 5 s of last steps; 5 s for late timers.
    assert.equal(terminationGraceSeconds, 56);
    assert(terminationGraceSeconds > secondsToStop());
  });
});
