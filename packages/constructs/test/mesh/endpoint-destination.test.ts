import assert from 'node:assert/strict';
import { Duration } from 'cdk8s';
import { ServingEngine } from '../../src';
import { at } from '../support/manifests';
import { specOf } from './support';

const policy = (
  ...args: Parameters<typeof specOf> extends [string, string, ...infer Rest] ? Rest : never
) => at(specOf('DestinationRule', 'fraud', ...args), 'trafficPolicy');

describe('the destination of an endpoint in a mesh', () => {
  it('is its Service, by mutual TLS, the least busy replica first', () => {
    assert.equal(at(specOf('DestinationRule', 'fraud'), 'host'), 'fraud.bank.svc.cluster.local');
    assert.deepEqual(at(policy(), 'tls'), { mode: 'ISTIO_MUTUAL' });
    assert.equal(at(policy(), 'loadBalancer', 'simple'), 'LEAST_REQUEST');
    // Pods of other clusters, where the mesh knows any, only in place of all of its own.
    assert.deepEqual(at(policy(), 'loadBalancer', 'localityLbSetting'), {
      enabled: true,
      failoverPriority: ['app.kubernetes.io/name=fraud', 'manara.dev/site=dubai'],
    });
  });

  it('has as many requests under way as its replicas can answer in time', () => {
    // One worker, 50 ms and 1.65 + 0.25 ms each; six replicas at most.
    const requests = 6 * 26;
    assert.deepEqual(at(policy(), 'connectionPool'), {
      tcp: { maxConnections: requests, connectTimeout: '500ms' },
      http: { http1MaxPendingRequests: requests, http2MaxRequests: requests, maxRetries: 32 },
    });
    const slower = policy({
      objective: { p99Latency: Duration.millis(100), availabilityPercent: 99.9 },
      engine: ServingEngine.onnx({ serviceTimeMicros: 9750 }),
    });
    assert.equal(at(slower, 'connectionPool', 'http', 'http2MaxRequests'), 6 * 10);
  });

  it('leaves a failing replica alone, while those that availability needs remain', () => {
    assert.deepEqual(at(policy(), 'outlierDetection'), {
      consecutive5xxErrors: 20,
      consecutiveGatewayErrors: 20,
      splitExternalLocalOriginErrors: true,
      consecutiveLocalOriginFailures: 3,
      interval: '5s',
      baseEjectionTime: '30s',
      maxEjectionPercent: 34,
    });
    const two = policy({
      objective: { p99Latency: Duration.millis(50), availabilityPercent: 99 },
    });
    assert.equal(at(two, 'outlierDetection', 'maxEjectionPercent'), 50);
  });

  it('gives a new replica its share by and by', () => {
    assert.deepEqual(at(policy(), 'loadBalancer', 'warmup'), { duration: '9s' });
  });
});
