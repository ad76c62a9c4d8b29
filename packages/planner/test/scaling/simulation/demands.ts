import fc from 'fast-check';
import type { ScalingDemand } from '../../../src';

const someSeconds = (max: number) => fc.integer({ min: 0, max });

/** Demands of replicas from one to some dozens, no more than a simulation follows in a second. */
export const demands: fc.Arbitrary<ScalingDemand> = fc
  .record({
    workers: fc.integer({ min: 1, max: 8 }),
    inferenceMillis: fc.integer({ min: 50, max: 500 }),
    patience: fc.double({ min: 1.2, max: 8, noNaN: true }),
    availabilityPercent: fc.constantFrom(95, 99, 99.9),
    replicasAtPeak: fc.double({ min: 1, max: 25, noNaN: true }),
    quietShare: fc.double({ min: 0.02, max: 1, noNaN: true }),
    factor: fc.double({ min: 1.1, max: 6, noNaN: true }),
    withinSeconds: fc.integer({ min: 1, max: 900 }),
    coldStart: fc.record({
      nodeSeconds: fc.constantFrom(0, 0, 90),
      imagePullSeconds: someSeconds(60),
      loadSeconds: fc.integer({ min: 1, max: 120 }),
      firstInferenceSeconds: someSeconds(5),
    }),
  })
  .map((x) => {
    const { workers, inferenceMillis, coldStart } = x;
    const peak = Math.min(120, (x.replicasAtPeak * workers * 700) / inferenceMillis);
    return {
      p99LatencyMillis: inferenceMillis * x.patience + 1,
      availabilityPercent: x.availabilityPercent,
      traffic: {
        peakRequestsPerSecond: peak,
        quietRequestsPerSecond: peak * x.quietShare,
        surge: { factor: x.factor, withinSeconds: x.withinSeconds },
      },
      replica: {
        workers,
        inferenceMillis,
        overheadMillis: 1,
        cpu: { millisPerRequest: inferenceMillis, requestMillis: workers * 1000 },
        isEstimated: false,
      },
      coldStart,
    };
  });
