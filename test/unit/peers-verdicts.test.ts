import assert from 'node:assert/strict';
import { ratioOf } from '../bench/peers/ratios';
import { verdicts } from '../bench/peers/report';
import type { Pair, Sample } from '../bench/peers/sample';
import { judge, targets, verdictRow } from '../bench/peers/targets';
import { cases } from '../bench/peers/cases';
import { median, quantile } from '../bench/table';

const sample = (requestsPerSecond: number, cpuMicros = 1, millis = 1): Sample => ({
  requestsPerSecond,
  cpuMicros,
  p50Millis: millis,
  p99Millis: millis,
});

const pair = (ours: number, theirs: number): Pair => ({
  ours: sample(ours, ours, ours),
  theirs: sample(theirs, theirs, theirs),
});

describe('quantile', () => {
  it('is the least value that the share lies at or below', () => {
    const values = Array.from({ length: 100 }, (_, i) => 100 - i);
    assert.equal(quantile(values, 0.99), 99);
    assert.equal(quantile(values, 1), 100);
    assert.equal(quantile([5], 0.99), 5);
    assert.equal(median([9, 1, 4]), 4);
    assert.ok(Number.isNaN(quantile([], 0.5)));
  });
});

describe('ratioOf', () => {
  it("is the median of the rounds' own ratios, and not the ratio of medians", () => {
    // A slow round of the machine halves both sides and leaves its ratio as it is.
    const pairs = [pair(10, 5), pair(2, 1), pair(9, 3)];
    for (const measure of ['throughput', 'cpu', 'p50', 'p99'] as const) {
      assert.equal(ratioOf(measure, pairs), 2);
    }
  });

  it('is none where the other side has no latency', () => {
    const alone: Sample = { requestsPerSecond: 1, cpuMicros: 1 };
    assert.ok(Number.isNaN(ratioOf('p99', [{ ours: sample(1), theirs: alone }])));
  });
});

describe('judge', () => {
  const least = { caseId: 'c', against: 'x', measure: 'throughput', bound: 'at least' } as const;
  const most = { caseId: 'c', against: 'x', measure: 'cpu', bound: 'at most' } as const;

  it('meets a bound that is reached exactly', () => {
    assert.equal(judge({ ...least, required: 2.5, goal: 4 }, 2.5).required, 'met');
    assert.equal(judge({ ...most, required: 0.25, goal: 0.14 }, 0.25).required, 'met');
  });

  it('tells the required from the goal', () => {
    const verdict = judge({ ...most, required: 1.4, goal: 0.77 }, 1);
    assert.deepEqual([verdict.required, verdict.goal], ['met', 'missed']);
    assert.deepEqual(verdictRow(verdict), [
      'c: server CPU a request',
      'x',
      '≤ 1.4',
      '≤ 0.77',
      '1.00',
      'met; goal missed',
    ]);
  });

  it('misses on either side of its bound', () => {
    assert.equal(judge({ ...least, required: 2.5 }, 2.49).required, 'missed');
    assert.equal(judge({ ...most, required: 0.25 }, 0.251).required, 'missed');
    assert.equal(judge({ ...least, required: 2.5 }, NaN).required, 'missed');
    assert.equal(judge({ ...most, required: 2.5 }, NaN).required, 'missed');
  });

  it('asks nothing where nothing is required', () => {
    const verdict = judge(most, 3);
    assert.deepEqual([verdict.required, verdict.goal], ['not asked', 'not asked']);
    assert.deepEqual(verdictRow(verdict).slice(2), ['–', '–', '3.00', '']);
  });
});

describe('verdicts', () => {
  it('judge what was measured, and only show a server set up otherwise', () => {
    const pairs = new Map([
      ['MLServer', [pair(100, 10)]],
      ['MLServer: batching', [pair(100, 50)]],
      ['MLServerless', [pair(100, 50)]],
    ]);
    const found = verdicts([{ caseId: 'mlp-rest-8', ours: [], pairs }]);
    assert.deepEqual(
      found.map(({ target, ratio, required }) => [target.against, ratio, required]),
      [
        ['MLServer', 10, 'met'],
        ['MLServer: batching', 2, 'not asked'],
      ],
    );
  });

  it('name cases that there are', () => {
    const known = [...cases.map(({ id }) => id), 'health'];
    for (const { caseId } of targets) assert.ok(known.includes(caseId), caseId);
  });
});
