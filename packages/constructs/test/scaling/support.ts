import { App, Duration } from 'cdk8s';
import {
  MetricSink,
  type ModelEndpoint,
  type ModelEndpointProps,
  Peer,
  ServingEngine,
  type Site,
} from '../../src';
import { newEndpoint, newSite, newZone, type UaePlace } from '../support/fixtures';

export const prometheus = new MetricSink({
  place: 'aws:me-central-1',
  uri: 'https://prometheus.monitoring.svc:9090/api/v1/write',
  scrapedBy: Peer.namespace('monitoring'),
});

/** A model of 20 ms, measured, asked up to 2,000 times a second. */
export const engine = ServingEngine.onnx({
  serviceTimeMicros: 20_000,
  coldStart: { load: Duration.seconds(40), imagePull: Duration.seconds(5) },
});

export const traffic = {
  peakRequestsPerSecond: 2000,
  quietRequestsPerSecond: 400,
  surge: { factor: 3, within: Duration.minutes(2) },
};

export const officeHours = {
  days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'],
  from: '08:00',
  to: '18:00',
  timeZone: 'Asia/Dubai',
} as const;

export interface Tree {
  readonly app: App;
  readonly site: Site<UaePlace>;
  readonly endpoint: ModelEndpoint<UaePlace>;
}

/** Endpoint `fraud` on a site with a Prometheus. */
export function treeOf(props: Partial<ModelEndpointProps<UaePlace>> = {}): Tree {
  const app = new App();
  const site = newSite(newZone(app), 'dubai', { metrics: prometheus });
  const endpoint = newEndpoint(site, {
    engine,
    traffic,
    objective: { p99Latency: Duration.millis(100), availabilityPercent: 99.9 },
    ...props,
  });
  return { app, site, endpoint };
}
