import assert from 'node:assert/strict';
import { App } from 'cdk8s';
import { auditTree, late, LogSink, none, Observability, Peer, secretFile } from '../../src';
import { newEndpoint, newSite, newZone, untyped } from '../support/fixtures';
import { refuses } from '../support/errors';
import { at, configText, documentOf, documents } from '../support/manifests';
import { collector, metricSink, noCollector, pushedLogs, traceSink, watchedSite } from './support';

describe('Observability', () => {
  it('has the servers of its site send spans to its collector, whose authority they are given', () => {
    const app = new App();
    newEndpoint(watchedSite({}, {}, app));
    const config = JSON.parse(configText(documentOf(app, 'Deployment', 'fraud'))) as Record<
      string,
      unknown
    >;
    assert.equal(config.tracesEndpoint, 'https://observability-collector.bank.svc:4318');
    const pod = at(documentOf(app, 'Deployment', 'fraud'), 'spec', 'template', 'spec');
    const container = at(pod, 'containers', 0);
    const variable = {
      name: 'OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE',
      value: '/etc/manara-collector/ca.crt',
    };
    assert.deepEqual(
      (at(container, 'env') as { name: string }[]).find(({ name }) => name === variable.name),
      variable,
    );
    const volumes = at(pod, 'volumes') as { name: string }[];
    assert.deepEqual(
      volumes.find(({ name }) => name === 'collector-authority'),
      {
        name: 'collector-authority',
        secret: {
          items: [{ key: 'ca.crt', path: 'ca.crt' }],
          optional: true,
          secretName: 'observability-collector-tls',
        },
      },
    );
    const egress = at(documentOf(app, 'NetworkPolicy', 'fraud'), 'spec', 'egress', 0);
    assert.deepEqual(at(egress, 'to', 0, 'podSelector', 'matchLabels'), {
      'app.kubernetes.io/component': 'telemetry-collector',
      'app.kubernetes.io/name': 'observability-collector',
    });
    assert.equal(at(egress, 'ports', 0, 'port'), 4318);
  });

  it('leaves the servers their own way where there is no collector', () => {
    const app = new App();
    newEndpoint(watchedSite({ collector: noCollector }, {}, app));
    const text = configText(documentOf(app, 'Deployment', 'fraud'));
    assert(text.includes('"tracesEndpoint": "https://tempo.bank.example:4318"'), text);
    assert(!JSON.stringify(documents(app)).includes('OTEL_EXPORTER'));
  });

  it('lets the collector out to the sinks and to nobody else', () => {
    const app = new App();
    watchedSite({}, { logs: pushedLogs }, app);
    const { egress, ingress } = at(
      documentOf(app, 'NetworkPolicy', 'observability-collector'),
      'spec',
    ) as { egress: unknown[]; ingress: unknown[] };
    assert.deepEqual(
      egress
        .slice(0, 2)
        .map((rule) => [at(rule, 'to', 0, 'ipBlock', 'cidr'), at(rule, 'ports', 0, 'port')]),
      [
        ['10.31.0.0/24', 4318],
        ['10.32.0.0/24', 443],
      ],
    );
    assert.equal(egress.length, 3);
    assert.deepEqual(at(ingress[0], 'from'), [{ podSelector: {} }]);
    assert.equal(ingress.length, 2);
  });

  it('declares the way to the collector, its disk and the way on, all of which keep to the zone', () => {
    const app = new App();
    newEndpoint(watchedSite({}, { logs: pushedLogs }, app));
    const [audit] = auditTree(app);
    assert(audit !== undefined);
    assert.deepEqual(audit.violations, []);
    const own = audit.flows.filter(({ owner }) => owner === 'bank/dubai/observability');
    assert.deepEqual(
      own.map((flow) => [flow.kind, flow.status === 'declared' ? flow.encryption : flow.status]),
      [
        ['image', 'unknown'],
        ['storage', 'local'],
        ['trace', 'tls'],
        ['trace', 'tls'],
        ['log', 'tls'],
        ['log', 'tls'],
      ],
    );
  });

  it('takes a sink whose address is known late', () => {
    const app = new App();
    const uri = `https://${late('observability-sink', 'x')}`;
    const logs = new LogSink({
      place: 'aws:me-central-1',
      uri,
      pushedTo: Peer.addresses('10.32.0.0/24'),
    });
    watchedSite({}, { logs }, app);
    const filled = documentOf(app, 'ConfigMap', 'observability-collector-config', undefined, {
      'observability-sink': 'logs.bank.example',
    });
    assert(
      String(at(filled, 'data', 'config.yaml')).includes('endpoint: https://logs.bank.example'),
    );
  });

  it('adds what watches an endpoint beside the endpoint, labelled as Prometheus chooses', () => {
    const app = new App();
    newEndpoint(watchedSite({ selectedBy: { release: 'prometheus' } }, {}, app));
    const monitor = documentOf(app, 'PodMonitor', 'fraud');
    assert.equal(at(monitor, 'metadata', 'labels', 'release'), 'prometheus');
    // Rollouts tell new pods from those before by it.
    assert.deepEqual(at(monitor, 'spec', 'podTargetLabels'), ['rollouts-pod-template-hash']);
    assert.deepEqual(at(monitor, 'spec', 'selector', 'matchLabels'), {
      'app.kubernetes.io/component': 'model-server',
      'app.kubernetes.io/name': 'fraud',
    });
    assert.equal(
      at(documentOf(app, 'PrometheusRule', 'fraud'), 'metadata', 'labels', 'release'),
      'prometheus',
    );
    const dashboard = documentOf(app, 'ConfigMap', 'fraud-dashboard');
    assert.equal(at(dashboard, 'metadata', 'labels', 'grafana_dashboard'), '1');
  });

  it('scrapes nothing where metrics are not collected', () => {
    const app = new App();
    newEndpoint(watchedSite({}, { metrics: none('not collected') }, app));
    const kinds = documents(app).map(({ kind }) => kind);
    assert(!kinds.includes('PodMonitor') && !kinds.includes('PrometheusRule'));
    assert(kinds.includes('StatefulSet'));
  });

  it('refuses an endpoint whose metrics nobody may scrape, and leaves nothing of it behind', () => {
    const site = watchedSite();
    const identity = { apiKeys: { file: secretFile('callers', 'keys.json') } };
    const rules = [{ callers: ['*'], verbs: ['infer' as const] }];
    refuses(
      () => newEndpoint(site, { server: { config: { identity, rules } } }),
      'MANARA_OBSERVABILITY',
      'server.config.identity.openMetrics: expected true',
    );
    assert.equal(site.node.tryFindChild('fraud'), undefined);
    newEndpoint(site, {
      server: { config: { identity: { ...identity, openMetrics: true }, rules } },
    });
  });

  it('is refused after an endpoint of its site, and twice', () => {
    const site = newSite(newZone(), 'dubai', { metrics: metricSink, traces: traceSink });
    newEndpoint(site);
    const make = () => new Observability(site, 'observability', { collector });
    refuses(make, 'MANARA_OBSERVABILITY', '"bank/fraud" is there already', 'move it below');
    assert.equal(site.node.tryFindChild('observability'), undefined);
    const watched = watchedSite();
    const again = () => new Observability(watched, 'second', { collector });
    refuses(again, 'MANARA_OBSERVABILITY', '"bank/dubai/observability" is there already');
  });

  it('is refused where it would do nothing', () => {
    refuses(() => watchedSite({}, { traces: none('no') }), 'MANARA_OBSERVABILITY', 'pushedTo');
    refuses(
      () => watchedSite({ collector: noCollector }, { metrics: none('no') }),
      'MANARA_OBSERVABILITY',
      'expected something to watch',
    );
  });

  it('refuses props of another kind, and has a collector that is left out refused by the audit', () => {
    refuses(
      () => watchedSite({ collector: untyped({ issuer: 'bank-ca' }) }),
      'MANARA_PROP',
      'collector',
    );
    const app = new App();
    watchedSite({ collector: untyped(undefined) }, {}, app);
    const [audit] = auditTree(app);
    assert.equal(audit?.violations[0]?.rule.id, 'flow-is-declared');
  });
});
