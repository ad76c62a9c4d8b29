import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type AlertCase, alertCases } from './alert-cases';
import { promtool, whyNoPrometheus } from './promtool';
import { specsOf, watchedDocuments } from './watched';

interface Groups {
  readonly groups: readonly {
    readonly name: string;
    readonly rules: readonly { readonly alert?: string }[];
  }[];
}

/** Prometheus' own judge of rules runs what the tree makes, on series that fire each alert and on others. */
describe('rules of a watched site, before promtool', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'manara-rules-'));
  const specs = specsOf('PrometheusRule', watchedDocuments()) as unknown as readonly Groups[];
  const files = specs.map((_, i) => join(folder, `rules-${i}.yaml`));
  const rules: RuleFiles = {
    rule_files: files,
    group_eval_order: specs.flatMap(({ groups }) => groups.map(({ name }) => name)),
  };
  const alerts = specs
    .flatMap(({ groups }) => groups.flatMap(({ rules }) => rules))
    .flatMap(({ alert }) => alert ?? []);

  before(function () {
    const reason = whyNoPrometheus();
    if (reason !== undefined) {
      console.error(reason);
      this.skip();
    }
    for (const [i, spec] of specs.entries()) writeFileSync(files[i] ?? '', stringify(spec));
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('are accepted', () => {
    promtool('check', 'rules', ...files);
  });

  it('have series for every alert', () => {
    assert.deepEqual([...alerts].sort(), Object.keys(alertCases).sort());
  });

  for (const [alert, one] of Object.entries(alertCases)) {
    it(`${alert} fires, and is quiet`, () => {
      const file = join(folder, `${alert}.yaml`);
      writeFileSync(file, stringify(unitTest(alert, one, rules)));
      promtool('test', 'rules', file);
    });
  }

  it('are seen to fire by a test that could fail', () => {
    const { quiet, ...rest } = alertCases.ManaraThreadsBusy ?? assert.fail();
    const file = join(folder, 'wrong.yaml');
    const wrong = unitTest('ManaraThreadsBusy', { ...rest, quiet, fires: quiet }, rules);
    writeFileSync(file, stringify(wrong));
    assert.throws(() => {
      promtool('test', 'rules', file);
    }, /FAILED/);
  });
});

interface RuleFiles {
  readonly rule_files: readonly string[];
  /** Else in any order: with samples this rare, what was recorded at the time before is forgotten. */
  readonly group_eval_order: readonly string[];
}

function unitTest(alert: string, one: AlertCase, files: RuleFiles): object {
  const interval = `${one.everyMinutes ?? 1}m`;
  const firing = `count(ALERTS{alertname="${alert}",alertstate="firing"})`;
  const test = (series: Readonly<Record<string, string>>, samples: readonly object[]): object => ({
    interval,
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    promql_expr_test: [{ expr: firing, eval_time: one.at, exp_samples: samples }],
  });
  return {
    ...files,
    evaluation_interval: interval,
    tests: [test(one.fires, [{ labels: '{}', value: 1 }]), test(one.quiet, [])],
  };
}
