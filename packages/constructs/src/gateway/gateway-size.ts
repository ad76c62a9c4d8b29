import { k8s } from 'cdk8s-plus-28';
import type { LoweredGateway } from './lowered-gateway';

/** What a gateway's proxies take, and how many there are. */
export interface GatewaySize {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly resources: k8s.ResourceRequirements;
}

/**
 * CPU of the proxy for 1,000 requests a second, in thousandths of a core: what Istio measured for a sidecar
 * (200), doubled for TLS to callers and the signature of each token.
 * Source: Istio, "Performance and Scalability" (1.24); read 2026-11.
 */
const cpuMillisPerThousandRequests = 400;

/** Cores of one pod: beyond them it is one more pod that is lost in one piece. */
const mostCpuMillis = 2000;

/** The busiest moment of all endpoints together, over pods of which one may be lost. */
export function gatewaySize({ behind }: LoweredGateway): GatewaySize {
  const peak = behind.reduce(
    (sum, { workload }) => sum + workload.endpoint.traffic.peakRequestsPerSecond,
    0,
  );
  const cpuMillis = (peak / 1000) * cpuMillisPerThousandRequests;
  // As many as the most available of its endpoints has, and never one alone.
  const fewest = Math.max(2, ...behind.map(({ workload }) => workload.capacity.idleReplicas));
  const each = Math.min(mostCpuMillis, Math.max(200, Math.ceil(cpuMillis / fewest / 50) * 50));
  const atPeak = Math.max(fewest, Math.ceil(cpuMillis / each / 0.6));
  const quantity = (text: string) => k8s.Quantity.fromString(text);
  return {
    minReplicas: fewest,
    maxReplicas: atPeak * 2,
    resources: {
      requests: { cpu: quantity(`${each}m`), memory: quantity('256Mi') },
      limits: { cpu: quantity('2000m'), memory: quantity('512Mi') },
    },
  };
}
