import assert from 'node:assert/strict';
import fc from 'fast-check';
import { circuitFor, type CircuitDemand } from '../src';

const typical: CircuitDemand = {
  p99LatencyMillis: 50,
  peakRequestsPerSecond: 30,
  inFlightPerReplica: 26,
  idleReplicas: 3,
  peakReplicas: 3,
  maxReplicas: 6,
  startupSeconds: 34,
  hasReserve: false,
};

const demands = fc.record({
  p99LatencyMillis: fc.integer({ min: 1, max: 3_600_000 }),
  peakRequestsPerSecond: fc.double({ min: 0.01, max: 1e6, noNaN: true }),
  inFlightPerReplica: fc.integer({ min: 1, max: 100_000 }),
  idleReplicas: fc.integer({ min: 1, max: 3 }),
  peakReplicas: fc.integer({ min: 1, max: 1000 }),
  maxReplicas: fc.integer({ min: 2, max: 2000 }),
  startupSeconds: fc.integer({ min: 30, max: 3600 }),
  hasReserve: fc.boolean(),
});

describe('circuitFor', () => {
  it('computes where a mesh stops', () => {
    assert.deepEqual(circuitFor(typical), {
      timeoutMillis: 1000,
      connectTimeoutMillis: 500,
      maxRequests: 6 * 26,
      maxRetries: 32,
      consecutiveErrors: 10,
      maxEjectionPercent: 34,
      warmupSeconds: 9,
    });
  });

  it('gives a request five objectives, and a second at least', () => {
    const timeout = (p99LatencyMillis: number) =>
      circuitFor({ ...typical, p99LatencyMillis }).timeoutMillis;
    assert.deepEqual([10, 200, 201, 3000].map(timeout), [1000, 1000, 1005, 15_000]);
  });

  it('ejects all only where others stand by', () => {
    assert.equal(circuitFor({ ...typical, hasReserve: true }).maxEjectionPercent, 100);
  });

  it('never ejects the last of the replicas that are there without traffic', () => {
    fc.assert(
      fc.property(demands, (demand) => {
        const { maxEjectionPercent } = circuitFor({ ...demand, hasReserve: false });
        const { idleReplicas } = demand;
        // Envoy ejects one more where that makes no larger share than this.
        const ejected = Math.floor((idleReplicas * maxEjectionPercent) / 100);
        assert.equal(ejected, idleReplicas === 1 ? 0 : 1);
      }),
    );
  });

  it('lets callers have whatever the replicas can answer in time, and keeps every number in range', () => {
    fc.assert(
      fc.property(demands, (demand) => {
        const circuit = circuitFor(demand);
        assert.equal(circuit.maxRequests, demand.maxReplicas * demand.inFlightPerReplica);
        assert.ok(circuit.timeoutMillis > demand.p99LatencyMillis);
        assert.ok(circuit.connectTimeoutMillis < circuit.timeoutMillis);
        assert.ok(circuit.consecutiveErrors >= 5 && circuit.consecutiveErrors <= 20);
        assert.ok(circuit.warmupSeconds >= 1 && circuit.warmupSeconds <= 60);
      }),
    );
  });
});
