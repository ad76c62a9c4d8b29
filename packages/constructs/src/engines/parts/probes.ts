import { path, ports, routes } from '@manara/contract';
import { k8s } from 'cdk8s-plus-28';

/** Where a server says how it is. */
export interface HealthRoutes {
  readonly port: number;
  readonly ready: string;
  readonly live: string;
}

/** The Open Inference Protocol's own. */
const inferenceProtocol: HealthRoutes = {
  port: ports.http,
  ready: path(routes.serverReady),
  live: path(routes.serverLive),
};

const periodSeconds = 5;
/**
 * Kubernetes' own 1 s is less than a throttled container may be held: at its limit CPU comes in slices of
 * 100 ms.
 */
const timeoutSeconds = 5;

/** Probes of a server that may take some seconds until it is ready. */
export function probes(
  startupSeconds: number,
  { port, ready, live }: HealthRoutes = inferenceProtocol,
): Pick<k8s.Container, 'startupProbe' | 'readinessProbe' | 'livenessProbe'> {
  const probe = (route: string, period: number, failureThreshold: number): k8s.Probe => ({
    httpGet: { path: route, port: k8s.IntOrString.fromNumber(port) },
    periodSeconds: period,
    timeoutSeconds,
    failureThreshold,
  });
  return {
    startupProbe: probe(ready, periodSeconds, Math.ceil(startupSeconds / periodSeconds)),
    readinessProbe: probe(ready, periodSeconds, 2),
    livenessProbe: probe(live, 2 * periodSeconds, 3),
  };
}
