import { App } from 'cdk8s';
import {
  LogSink,
  MetricSink,
  none,
  Observability,
  type ObservabilityProps,
  Peer,
  type Site,
  type SiteProps,
  TraceSink,
} from '../../src';
import { newSite, newZone, type UaePlace } from '../support/fixtures';

const place = 'aws:me-central-1';

export const metricSink = new MetricSink({
  place,
  uri: 'https://prometheus.bank.example',
  scrapedBy: Peer.pods('monitoring', { 'app.kubernetes.io/name': 'prometheus' }),
});

export const traceSink = new TraceSink({
  place,
  uri: 'https://tempo.bank.example:4318',
  peer: Peer.addresses('10.31.0.0/24'),
});

export const pushedLogs = new LogSink({
  place,
  uri: 'https://logs.bank.example/otlp/v1/logs',
  pushedTo: Peer.addresses('10.32.0.0/24'),
});

export const collector = { issuer: { name: 'bank-ca' } };

/** A site that is watched, before it has endpoints. */
export function watchedSite(
  props: Partial<ObservabilityProps> = {},
  sinks: Partial<SiteProps<UaePlace>> = {},
  app = new App(),
): Site<UaePlace> {
  const site = newSite(newZone(app), 'dubai', { metrics: metricSink, traces: traceSink, ...sinks });
  new Observability(site, 'observability', { collector, ...props });
  return site;
}

export const noCollector = none('servers send to the sink themselves');
