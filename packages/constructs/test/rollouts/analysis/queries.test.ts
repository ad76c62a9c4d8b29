import assert from 'node:assert/strict';
import {
  errorTallies,
  judgedQuery,
  latencyTallies,
  otherVersions,
  qualityTallies,
  scoreQuery,
} from '../../../src/rollouts/analysis/queries';

const series = { model: 'fraud', labels: {} };

describe('queries', () => {
  it('count what was answered, of all that callers did not give up', () => {
    const { candidate, present } = errorTallies(series);
    assert.equal(
      candidate.good,
      'sum(max_over_time(nv_inference_request_success{model="fraud",rollouts_pod_template_hash="{{args.canary-hash}}"}[{{args.window}}]))',
    );
    assert.equal(
      present.all,
      'sum(increase({model="fraud",__name__=~"nv_inference_request_success|nv_inference_request_failure",rollouts_pod_template_hash="{{args.stable-hash}}",reason!="CANCELED"}[{{args.window}}]))',
    );
  });

  it('count answers by the bucket that ends at the objective, where there is one', () => {
    const { candidate, present } = latencyTallies(series, 0.05);
    assert(candidate.good.includes('protocol!="job",le="0.05"'));
    assert(latencyTallies(series, 1).candidate.good.includes('le=~"1|1.0"'));
    assert(present.good.endsWith(` or ${present.all})`));
  });

  it('tell predictions apart by version', () => {
    const { candidate, present } = qualityTallies(series, [2, 3]);
    assert(candidate.all.includes('version=~"2|3"') && present.all.includes('version!~"2|3"'));
    assert(otherVersions(series, [2, 3]).includes('{{args.stable-hash}}'));
  });

  it('give a score where enough was seen', () => {
    const comparison = latencyTallies(series, 0.05);
    const query = judgedQuery({ metric: 'latency', comparison, allowed: 0.01 });
    assert(query.startsWith(scoreQuery(comparison, 0.01)));
    assert(query.endsWith(`and ${comparison.candidate.all} >= {{args.samples-latency}}`));
    assert(query.includes('    0.99\n'));
  });

  it('give 0 where versions do not change', () => {
    const comparison = qualityTallies(series, [2]);
    const applies = otherVersions(series, [2]);
    const query = judgedQuery({ metric: 'quality', comparison, allowed: 0, applies });
    assert(query.endsWith(`or (vector(0) unless ${applies} > 0)`));
  });
});
