import assert from 'node:assert/strict';
import { Duration, Size } from 'cdk8s';
import { ModelVersion, ServingEngine } from '../../../src';
import { serverSize } from '../../../src/engines/onnx/server-size';
import { refuses } from '../../support/errors';
import { newArtifact, newEndpoint, newSite, newZone, objective } from '../../support/fixtures';

const mebibyte = 1024 * 1024;

describe('serverSize', () => {
  it('is computed from the versions, the objective and the traffic', () => {
    const endpoint = newEndpoint(newSite(newZone()), {
      versions: [
        new ModelVersion(1, newArtifact({ sizeBytes: 90_000_000 })),
        new ModelVersion(2, newArtifact({ sizeBytes: 10_000_000 })),
      ],
      traffic: { peakRequestsPerSecond: 100 },
    });
    const size = serverSize(endpoint, {});
    assert.equal(size.weightsBytes, 100_000_000);
    // Nothing is known of the tensors.
    assert.equal(size.maxRequestBytes, mebibyte);
    assert.equal(size.serviceTimeIsEstimated, true);
    // 100/s at 14.3 ms, spread over three replicas at 70 %.
    assert.equal(size.cpuRequestMillis, 700);
  });

  it('takes a measured service time and a request size', () => {
    const size = serverSize(newEndpoint(newSite(newZone())), {
      serviceTimeMicros: 50,
      maxRequestSize: Size.kibibytes(64),
    });
    assert.equal(size.serviceTimeMillis, 0.05);
    assert.equal(size.serviceTimeIsEstimated, false);
    assert.equal(size.maxRequestBytes, 65_536);
  });

  it('names the endpoint and the nearest objective that can be met', () => {
    const engine = ServingEngine.onnx({ serviceTimeMicros: 200_000 });
    const make = (p99LatencyMillis: number) =>
      newEndpoint(newSite(newZone()), {
        engine,
        objective: { ...objective, p99Latency: Duration.millis(p99LatencyMillis) },
      });
    refuses(
      () => make(50),
      'MANARA_OBJECTIVE',
      '[bank/fraud]',
      'objective.p99Latency: a p99 latency of 50 ms cannot be met',
      'one inference takes 200 ms',
      'the nearest that can is 79 ms',
    );
    assert.equal(make(79).name, 'fraud');
  });
});
