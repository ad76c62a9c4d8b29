import assert from 'node:assert/strict';
import { metrics } from '@manara/contract';
import { App, Duration } from 'cdk8s';
import type { ServerProps } from '../../src';
import { endpointAlertNames } from '../../src/observability/rules/alert-names';
import { burnRates, burnThreshold } from '../../src/observability/rules/burn-rates';
import { collectorMetrics, istioMetrics } from '../../src/observability/rules/site-rules';
import { newEndpoint, type UaePlace } from '../support/fixtures';
import { at, documents } from '../support/manifests';
import { watchedSite } from './support';

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

const server: ServerProps<UaePlace> = {
  config: {
    variants: { models: { fraud: { variants: { a: { version: 1, weight: 1 } } } }, feedback: {} },
    fallbacks: {
      fraud: { chain: [{ static: [{ name: 'score', datatype: 'FP32', shape: [1], data: [0] }] }] },
    },
  },
};

function rulesOf(props: Parameters<typeof newEndpoint>[1] = {}): readonly Rule[] {
  const app = new App();
  newEndpoint(watchedSite({}, {}, app), props);
  return documents(app)
    .filter(({ kind }) => kind === 'PrometheusRule')
    .flatMap((document) => at(document, 'spec', 'groups') as { rules: Rule[] }[])
    .flatMap(({ rules }) => rules);
}

describe('rules of an endpoint', () => {
  it('have a severity, a summary, a runbook and a time that each lasts', () => {
    const alerts = rulesOf({ server }).filter(({ alert }) => alert !== undefined);
    assert(alerts.length > 20);
    for (const { alert = '', labels, annotations, for: lasts } of alerts) {
      assert(['critical', 'warning'].includes(labels?.severity ?? ''), alert);
      assert.notEqual(annotations?.summary ?? '', '', alert);
      assert(annotations?.runbook_url?.endsWith(`runbooks.md#${alert.toLowerCase()}`), alert);
      assert.match(lasts ?? '', /^[1-9]\d*[mh]$/, alert);
      assert.equal(labels?.site, 'dubai', alert);
    }
  });

  it('read metrics of the contract, of the collector, of Istio, or what they record themselves', () => {
    const rules = rulesOf({ server });
    const known = new Set([
      ...Object.values(metrics).flatMap(({ name }) => [name, `${name}_bucket`]),
      ...rules.flatMap(({ record }) => record ?? []),
      ...Object.values(collectorMetrics),
      ...Object.values(istioMetrics),
      'up',
    ]);
    for (const { expr } of rules) {
      for (const [, name = ''] of expr.matchAll(/([a-zA-Z_:][\w:]*)\{/g))
        assert(known.has(name), name);
    }
  });

  it('ask for the share within the objective at a bucket that ends there', () => {
    const expr = (millis: number): string =>
      rulesOf({
        objective: { p99Latency: Duration.millis(millis), availabilityPercent: 99.9 },
      }).find(({ record }) => record === 'manara:latency_bad:rate5m')?.expr ?? '';
    assert(expr(80).includes('le="0.08"'));
    // Prometheus 3 stores 1 as 1.0.
    assert(expr(2000).includes('le=~"2([.]0)?"'));
  });

  it('have the names that remediation may name', () => {
    const names = rulesOf({ server }).flatMap(({ alert }) => alert ?? []);
    const ofSite = /Collector|Egress/;
    assert.deepEqual(
      names.filter((name) => !ofSite.test(name)).sort(),
      [...endpointAlertNames].sort(),
    );
  });

  it('leave out what an endpoint does not do', () => {
    const names = rulesOf().map(({ alert }) => alert);
    for (const name of ['ManaraVariantShares', 'ManaraDegradedAnswers', 'ManaraUnservedNames']) {
      assert(!names.includes(name), name);
    }
  });

  it('leave out a pace at which a generous budget cannot be spent', () => {
    const names = rulesOf({
      objective: { p99Latency: Duration.millis(50), availabilityPercent: 80 },
    }).map(({ alert }) => alert);
    assert(!names.includes('ManaraAvailabilityFastBurn'));
    assert(names.includes('ManaraAvailabilityBudgetDrain'));
  });
});

describe('burnThreshold', () => {
  it('is the factor of the budget, as far as there are requests enough', () => {
    const [fast] = burnRates;
    assert(fast !== undefined);
    assert.equal(burnThreshold(fast, 0.001), 0.0144);
    assert.equal(burnThreshold(fast, 0.07), undefined);
  });
});
