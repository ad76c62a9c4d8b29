import assert from 'node:assert/strict';
import { metrics } from '@manara/contract';
import { App } from 'cdk8s';
import { dashboardJson } from '../../src/observability/dashboards/dashboard';
import { collectorMetrics } from '../../src/observability/rules/site-rules';
import { newEndpoint } from '../support/fixtures';
import { at, documents } from '../support/manifests';
import { watchedSite } from './support';

interface Target {
  readonly expr: string;
}

interface Dashboard {
  readonly uid: string;
  readonly panels: readonly {
    readonly id: number;
    readonly title: string;
    readonly gridPos: {
      readonly x: number;
      readonly y: number;
      readonly w: number;
      readonly h: number;
    };
    readonly targets: readonly Target[];
  }[];
}

function dashboards(): readonly Dashboard[] {
  const app = new App();
  const server = { config: { cache: { models: { fraud: {} } } } };
  newEndpoint(watchedSite({}, {}, app), { server });
  return documents(app)
    .filter((document) => at(document, 'metadata', 'labels', 'grafana_dashboard') === '1')
    .flatMap((document) => Object.values(at(document, 'data') as Record<string, string>))
    .map((text) => JSON.parse(text) as Dashboard);
}

describe('dashboards', () => {
  it('are one of the site and one of each endpoint, each with an identity that stays', () => {
    const [first, second] = [dashboards(), dashboards()];
    assert.equal(first.length, 2);
    assert.deepEqual(first, second);
    assert.equal(new Set(first.map(({ uid }) => uid)).size, 2);
    for (const { uid } of first) assert.match(uid, /^[0-9a-f]{40}$/);
  });

  it('ask for metrics that are exported or recorded', () => {
    const known = new Set([
      ...Object.values(metrics).flatMap(({ name }) => [
        name,
        `${name}_bucket`,
        `${name}_sum`,
        `${name}_count`,
      ]),
      ...Object.values(collectorMetrics),
    ]);
    for (const { panels } of dashboards()) {
      for (const { expr } of panels.flatMap(({ targets }) => targets)) {
        for (const [, name = ''] of expr.matchAll(/([a-zA-Z_:][\w:]*)\{/g)) {
          assert(known.has(name) || name.startsWith('manara:'), name);
        }
      }
    }
  });

  it('lay panels out without one over another', () => {
    for (const { panels } of dashboards()) {
      const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) => {
        assert(x + w <= 24);
        return Array.from({ length: w * h }, (_, i) => `${x + (i % w)} ${y + Math.floor(i / w)}`);
      });
      assert.equal(new Set(cells).size, cells.length);
      assert.deepEqual(
        panels.map(({ id }) => id),
        panels.map((_, i) => i + 1),
      );
    }
  });

  it('cannot be changed by hand', () => {
    const text = dashboardJson({ path: 'a', title: 'b', tags: [], panels: [] });
    assert.equal((JSON.parse(text) as { editable: boolean }).editable, false);
  });
});
