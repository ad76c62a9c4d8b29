import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import Ajv from 'ajv';
import { bedBinaries } from '../bed/binaries';
import { BusyServer } from './busy-server';
import { CollectorProcess } from './collector-process';
import { foreignSpans } from './foreign-telemetry';
import { OtlpSink } from './otlp-sink';
import { PrometheusProcess } from './prometheus-process';
import { whyNoPrometheus } from './promtool';
import { specsOf, textsOf, watchedDocuments } from './watched';

interface Dashboard {
  readonly title: string;
  readonly panels: readonly {
    readonly title: string;
    readonly targets: readonly { readonly expr: string; readonly refId: string }[];
  }[];
}

const documents = watchedDocuments();
const dashboards = textsOf('-dashboard.json', documents).map(
  (text) => JSON.parse(text) as Dashboard,
);

/** A query as Grafana sends it, over a window that a second's scrapes fill. */
const queries = dashboards.flatMap(({ title: dashboard, panels }) =>
  panels.flatMap(({ title, targets }) =>
    targets.map(({ expr, refId }) => ({
      name: `${dashboard}, ${title}, ${refId}`,
      expr: expr.replaceAll('$__rate_interval', '1m'),
    })),
  ),
);

describe('dashboards of a watched site, on a real Prometheus', function () {
  this.timeout(900_000);
  let server: BusyServer | undefined;
  let sink: OtlpSink | undefined;
  let collector: CollectorProcess | undefined;
  let prometheus: PrometheusProcess | undefined;

  before(async function () {
    const reason = whyNoPrometheus();
    if (reason !== undefined) console.error(reason);
    const binaries = bedBinaries('otelcol');
    if (reason !== undefined || binaries === undefined) this.skip();
    sink = await OtlpSink.start();
    collector = await CollectorProcess.start(binaries.otelcol, sink.url);
    server = await BusyServer.start();
    const of = { namespace: 'bank', site: 'dubai' };
    const targets = [
      { address: server.metrics, labels: { ...of, job: 'fraud', pod: 'fraud-0' } },
      {
        address: collector.metrics,
        labels: { ...of, job: 'observability-collector', pod: 'collector-0' },
      },
    ];
    prometheus = await PrometheusProcess.start(targets, specsOf('PrometheusRule', documents));
  });

  after(async () => {
    await prometheus?.stop();
    await server?.stop();
    await collector?.stop();
    sink?.stop();
  });

  it('show something in every panel once something of everything has happened', async () => {
    let empty = queries;
    for (let rounds = 0; rounds < 60 && empty.length > 0; rounds++) {
      await server?.round();
      await collector?.post('/v1/traces', foreignSpans);
      await delay(1000);
      empty = await emptyOf(prometheus ?? assert.fail(), queries);
    }
    assert.deepEqual(empty, []);
    assert(queries.length > 30);
  });

  it('show what was asked of the server, under its own names', async () => {
    const [refused] =
      (await prometheus?.query('manara_access_refused_total{code="UNAUTHENTICATED"}')) ?? [];
    assert(Number(refused?.value[1]) > 0);
    const [within] =
      (await prometheus?.query('manara_request_duration_seconds_bucket{le="0.08",job="fraud"}')) ??
      [];
    assert(within !== undefined, 'no bucket ends at the objective');
  });
});

/** Queries that give nothing, or no number. */
async function emptyOf(
  prometheus: PrometheusProcess,
  asked: typeof queries,
): Promise<typeof queries> {
  const empty = [];
  for (const one of asked) {
    const samples = await prometheus.query(one.expr);
    if (!samples.some(({ value: [, value] }) => value !== 'NaN')) empty.push(one);
  }
  return empty;
}

describe("dashboards, before Grafana's published schema", () => {
  const file = process.env.MANARA_GRAFANA_SCHEMA;

  before(function () {
    if (file !== undefined) return;
    console.error(
      'skip: MANARA_GRAFANA_SCHEMA does not name jsonschema/dashboard.jsonschema.json of grafana/grafana-foundation-sdk',
    );
    this.skip();
  });

  it('pass, and would not with a key that Grafana does not know', () => {
    const schema = JSON.parse(readFileSync(file ?? '', 'utf8')) as object;
    const validate = new Ajv({ strict: false, allErrors: true, logger: false }).compile(schema);
    for (const dashboard of dashboards) {
      assert(validate(dashboard), JSON.stringify(validate.errors));
      assert(!validate({ ...dashboard, colour: 'red' }));
    }
  });
});
