import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CanaryRollout,
  ImageRegistry,
  manifestFiles,
  ModelArtifact,
  ModelBucket,
  ModelEndpoint,
  ModelVersion,
  none,
  Peer,
  ResidencyZone,
  type ServerProps,
  ServiceMesh,
  ServingEngine,
  Site,
} from '@manara/constructs';
import { comparisonScore, type Tally } from '@manara/planner';
import { DataClass, Jurisdiction } from '@manara/residency';
import { App, Duration } from 'cdk8s';
import { stringify } from 'yaml';
import { promtool, whyNoPrometheus } from './promtool';

const place = 'aws:me-central-1';

/** What a rollout asks Prometheus, by template and metric. */
function queries(): Readonly<Record<string, string>> {
  const app = new App();
  const zone = new ResidencyZone(app, 'bank', {
    jurisdiction: Jurisdiction.AE_ONSHORE,
    places: [place],
    data: [DataClass.PUBLIC],
  });
  const site = new Site(zone, 'dubai', {
    place,
    images: new ImageRegistry({ place, prefix: 'registry.bank.example/serving' }),
    mesh: ServiceMesh.istio(),
    logs: none('read on the node'),
    metrics: none('asked by the rollout alone'),
    traces: none('not collected'),
    backup: none('can be trained again'),
  });
  const peer = Peer.addresses('10.20.0.0/24');
  const artifact = new ModelArtifact({
    bucket: new ModelBucket({ place, uri: 's3://bank-models', peer }),
    key: 'fraud/2/model.onnx',
    sha256: 'a'.repeat(64),
    sizeBytes: 1_000_000,
  });
  const server: ServerProps<typeof place> = {
    config: {
      variants: {
        models: {
          fraud: {
            variants: { current: { version: 2, weight: 1 } },
            outcome: { output: 'label', as: 'value' },
          },
        },
        feedback: { redis: { url: 'rediss://redis.bank.example' } },
      },
    },
    hosts: [{ host: 'redis.bank.example', place, peer }],
  };
  const endpoint = new ModelEndpoint(zone, 'fraud', {
    versions: [new ModelVersion(2, artifact)],
    engine: ServingEngine.onnx(),
    sites: [site],
    standby: none('one site'),
    objective: { p99Latency: Duration.millis(50), availabilityPercent: 99.9 },
    traffic: { peakRequestsPerSecond: 1000 },
    server,
  });
  new CanaryRollout(endpoint, 'rollout', {
    prometheus: { place, uri: 'https://prometheus.bank.example' },
    quality: { largestDropPercent: 10, outcomesPercent: 100 },
  });
  const templates = manifestFiles(app)
    .flatMap((file) => file.documents as unknown as readonly Template[])
    .filter(({ kind }) => kind === 'AnalysisTemplate');
  return Object.fromEntries(
    templates.flatMap(({ metadata, spec }) =>
      spec.metrics.map((metric) => [
        `${metadata.name} ${metric.name}`,
        metric.provider.prometheus.query,
      ]),
    ),
  );
}

interface Template {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly metrics: readonly {
      readonly name: string;
      readonly provider: { readonly prometheus: { readonly query: string } };
    }[];
  };
}

/** What promtool finds wrong. */
function said(...args: readonly string[]): string {
  try {
    promtool(...args);
    return '';
  } catch (error) {
    return String(error);
  }
}

/** A series, and what its counter says every 15 s. */
type Input = readonly [series: string, values: string];

const minutes = 40;

/** Ten minutes: what the analyses are told to look back. */
const lookBack = 600;

describe('what a rollout asks Prometheus', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'manara-scores-'));
  const asked = queries();

  before(function () {
    const reason = whyNoPrometheus();
    if (reason === undefined) return;
    console.error(reason);
    this.skip();
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** The one number that a query gives; `undefined` where it gives none. */
  function answer(name: string, inputs: readonly Input[], samples = 500): number | undefined {
    const query = (asked[name] ?? assert.fail(`nothing asks ${name}`))
      .replaceAll('{{args.canary-hash}}', 'new')
      .replaceAll('{{args.stable-hash}}', 'old')
      .replaceAll('{{args.window}}', `${lookBack}s`)
      .replaceAll(/\{\{args\.samples-\w+\}\}/g, String(samples));
    assert(!query.includes('{{'), query);
    const file = join(folder, 'query.yaml');
    const test = {
      interval: '15s',
      input_series: inputs.map(([series, values]) => ({ series, values })),
      promql_expr_test: [
        // One that is not there, so that promtool says what is.
        { expr: query, eval_time: `${minutes}m`, exp_samples: [{ labels: 'x{}', value: 0 }] },
      ],
    };
    writeFileSync(file, stringify({ tests: [test] }));
    const got = /got:(.*)/.exec(said('test', 'rules', file))?.[1] ?? '';
    if (got.includes('nil')) return undefined;
    const numbers = [...got.matchAll(/\{\} (\S+?)"?(?=,|$)/g)].map((match) => Number(match[1]));
    assert.equal(numbers.length, 1, got);
    return numbers[0];
  }

  const pod = (hash: string, more = ''): string =>
    `{model="fraud",version="2",pod="${hash}-1",rollouts_pod_template_hash="${hash}"${more}}`;

  /** Requests of pods of before, for all of the time: so many failed and were answered every 15 s. */
  function before40(failed: number, answered: number): readonly Input[] {
    return [
      [`nv_inference_request_success${pod('old')}`, `0+${answered}x160`],
      [`nv_inference_request_failure${pod('old', ',reason="BACKEND"')}`, `0+${failed}x160`],
    ];
  }

  /** Requests of new pods, which were born two minutes ago with all of these. */
  function born(bad: number, good: number): readonly Input[] {
    return [
      [`nv_inference_request_success${pod('new')}`, `_x152 ${good}x8`],
      [`nv_inference_request_failure${pod('new', ',reason="BACKEND"')}`, `_x152 ${bad}x8`],
    ];
  }

  /** Pods of before, over the time that is looked back. */
  const presentOf = (failed: number, answered: number): Tally => ({
    bad: (failed * lookBack) / 15,
    all: ((failed + answered) * lookBack) / 15,
  });

  function near(actual: number | undefined, expected: number): void {
    assert(actual !== undefined && Math.abs(actual - expected) < 1e-6, `${actual} for ${expected}`);
  }

  for (const [bad, good, failed, answered] of [
    [0, 1000, 0, 100],
    [3, 997, 0, 100],
    [30, 970, 1, 99],
    [30, 970, 5, 95],
    [500, 500, 0, 10],
  ] as const) {
    it(`is the planner's score: ${bad} of ${bad + good} failed, and ${failed} of ${failed + answered} before`, () => {
      const inputs = [...before40(failed, answered), ...born(bad, good)];
      const candidate = { bad, all: bad + good };
      const expected = comparisonScore(candidate, presentOf(failed, answered), 0.001);
      near(answer('fraud-watch errors-watched', inputs), expected);
      near(answer('fraud-gate errors', inputs), expected);
    });
  }

  it('is one of few requests, too, but for the gate, which waits for enough', () => {
    const inputs = [...before40(0, 100), ...born(5, 5)];
    const score = answer('fraud-watch errors-watched', inputs);
    assert(score !== undefined && score > 3.91, String(score));
    assert.equal(answer('fraud-gate errors', inputs), undefined);
    assert.notEqual(answer('fraud-gate errors', inputs, 10), undefined);
  });

  it('does not count what callers gave up', () => {
    const canceled: Input = [
      `nv_inference_request_failure${pod('new', ',reason="CANCELED"')}`,
      '_x152 900x8',
    ];
    const inputs = [...before40(0, 100), ...born(0, 1000), canceled];
    near(
      answer('fraud-gate errors', inputs),
      comparisonScore({ bad: 0, all: 1000 }, presentOf(0, 100), 0.001),
    );
  });

  it('is nothing where one of the two was not asked, or is not scraped', () => {
    for (const inputs of [before40(0, 100), born(0, 1000), [...before40(0, 0), ...born(9, 991)]]) {
      assert.equal(answer('fraud-watch errors-watched', inputs), undefined);
      assert.equal(answer('fraud-gate errors', inputs), undefined);
    }
  });

  it('counts answers beyond the objective, those of jobs apart', () => {
    const times = (
      hash: string,
      values: (share: number) => string,
      protocol = 'http',
    ): readonly Input[] => [
      [
        `manara_request_duration_seconds_bucket${pod(hash, `,protocol="${protocol}",le="0.05"`)}`,
        values(0.9),
      ],
      [`manara_request_duration_seconds_count${pod(hash, `,protocol="${protocol}"`)}`, values(1)],
    ];
    const inputs = [
      ...times('old', (share) => `0+${share * 100}x160`),
      ...times('new', (share) => `_x152 ${share * 800}x8`),
      ...times('new', (share) => `_x152 ${share * 5000}x8`, 'job'),
    ];
    near(
      answer('fraud-gate latency', inputs),
      comparisonScore({ bad: 80, all: 800 }, { bad: 400, all: 4000 }, 0.01),
    );
    // Pods of before the objective was changed have no such bucket: it alone decides.
    const changed = inputs.filter(([series]) => !/bucket.*old/.test(series));
    near(
      answer('fraud-gate latency', changed),
      comparisonScore({ bad: 80, all: 800 }, { bad: 0, all: 4000 }, 0.01),
    );
  });

  describe('of quality', () => {
    const outcomes = (version: number, right: string, wrong: string): readonly Input[] =>
      (['true', 'false'] as const).map((match) => [
        `manara_variant_outcomes_total{model="fraud",version="${version}",variant="v",match="${match}",pod="any"}`,
        match === 'true' ? right : wrong,
      ]);
    const given = (version: number): Input => [
      `manara_variant_requests_total{model="fraud",version="${version}",variant="v",pod="old-1",rollouts_pod_template_hash="old"}`,
      '0+100x160',
    ];

    it('tells versions apart, whichever pod heard of their outcomes', () => {
      const inputs = [
        ...outcomes(1, '0+90x160', '0+10x160'),
        ...outcomes(2, '0+15x160', '0+5x160'),
      ];
      near(
        answer('fraud-gate quality', [...inputs, given(1)]),
        comparisonScore({ bad: 200, all: 800 }, { bad: 400, all: 4000 }, 0),
      );
    });

    it('is nothing where versions change and nobody told enough', () => {
      assert.equal(answer('fraud-gate quality', [given(1)]), undefined);
      const few = [...outcomes(1, '0+90x160', '0+10x160'), ...outcomes(2, '0+1x160', '0x160')];
      assert.equal(answer('fraud-gate quality', [...few, given(1)]), undefined);
    });

    it('is 0 where no version changes', () => {
      assert.equal(answer('fraud-gate quality', [given(2)]), 0);
    });
  });
});
