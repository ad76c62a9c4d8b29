import assert from 'node:assert/strict';
import { DataClass, type FlowKind, flowKinds, rules } from '@manara/residency';
import { ApiObject, App, Chart } from 'cdk8s';
import {
  BackupVault,
  ImageRegistry,
  LogSink,
  manifestFiles,
  MetricSink,
  ModelBucket,
  type ModelEndpointProps,
  ModelVersion,
  Peer,
  type SiteProps,
  TraceSink,
} from '../src';
import {
  newArtifact,
  newEndpoint,
  newSite,
  newZone,
  type UaePlace,
  untyped,
} from './support/fixtures';

/** A tree of one endpoint, bent. Casts stand for plain JavaScript, and for what types cannot see. */
interface Row {
  readonly site?: Partial<Record<keyof SiteProps<UaePlace>, unknown>>;
  readonly endpoint?: Partial<Record<keyof ModelEndpointProps<UaePlace>, unknown>>;
  /** A standby site at this place. */
  readonly standbyAt?: string;
  /** A Deployment of plain cdk8s beside the endpoint, with this container. */
  readonly container?: object;
  /** Where that Deployment is. @default - in the site */
  readonly in?: 'a chart of the zone' | 'a chart of the app';
  /** Another object of plain cdk8s in the site. */
  readonly object?: { readonly apiVersion: string; readonly kind: string; readonly spec?: object };
  readonly data?: readonly DataClass[];
  readonly rule: string;
  /** Must stand in the message besides kind, rule and source. */
  readonly finding: string;
  readonly fix: string;
}

const home = 'aws:me-central-1';
const away = 'aws:eu-west-1';
const peer = Peer.namespace('monitoring');
const leaves = {
  rule: 'flow-stays-in-zone',
  fix: `fix: use one inside the zone, or add "${away}" to the zone's places with a lawful transfer basis`,
};
/** A site without the sink that one of its props names. */
const notGiven = (prop: string, type: string) => ({
  rule: 'flow-is-declared',
  site: { [prop]: undefined },
  finding: `${prop} of site "bank/dubai" is not given`,
  fix: `fix: give the site ${prop}: new ${type}({ place: '${home}', … }), or ${prop}: none('why there is none')`,
});
const outside = (end: string) =>
  `"${end}" is at ${away}, outside zone "bank" (aws:me-central-1, azure:uaenorth)`;
const versionIn = (bucket: unknown) => [
  new ModelVersion(1, newArtifact({ bucket: untyped(bucket) })),
];

const table: Readonly<
  Record<(typeof flowKinds)[number], { readonly leaves: Row; readonly undeclared: Row }>
> = {
  artifact: {
    leaves: {
      ...leaves,
      endpoint: { versions: versionIn(new ModelBucket({ place: away, uri: 'pvc://models' })) },
      finding: outside('model bucket'),
    },
    undeclared: {
      rule: 'flow-is-declared',
      container: {
        image: 'registry.bank.example/serving/triton:1',
        args: ['--model-repository=s3://models'],
      },
      finding: 'Deployment "plain" reads "s3://models", which no ModelBucket of the zone declares',
      fix: 'fix: declare its bucket as the ModelBucket of an endpoint, or remove it',
    },
  },
  image: {
    leaves: {
      ...leaves,
      site: { images: new ImageRegistry({ place: away, prefix: 'registry.example' }) },
      finding: outside('image registry of primary site dubai'),
    },
    undeclared: {
      rule: 'flow-is-declared',
      container: { image: 'docker.io/library/redis:8' },
      finding: 'Deployment "plain" runs image "docker.io/library/redis:8"',
      fix: "fix: mirror the image into the site's registry and name it there",
    },
  },
  log: {
    leaves: {
      ...leaves,
      site: { logs: new LogSink({ place: away, uri: 'https://logs.example' }) },
      finding: outside('log sink of primary site dubai'),
    },
    undeclared: notGiven('logs', 'LogSink'),
  },
  metric: {
    leaves: {
      ...leaves,
      site: {
        metrics: new MetricSink({ place: away, uri: 'https://p.example', scrapedBy: peer }),
      },
      finding: outside('metric sink of primary site dubai'),
    },
    undeclared: notGiven('metrics', 'MetricSink'),
  },
  trace: {
    leaves: {
      ...leaves,
      site: { traces: new TraceSink({ place: away, uri: 'https://otel.example', peer }) },
      finding: outside('trace sink of primary site dubai'),
    },
    undeclared: notGiven('traces', 'TraceSink'),
  },
  backup: {
    leaves: {
      ...leaves,
      site: { backup: new BackupVault({ place: away, uri: 'https://vault.example' }) },
      finding: outside('backup sink of primary site dubai'),
    },
    undeclared: notGiven('backup', 'BackupVault'),
  },
  standby: {
    leaves: { ...leaves, standbyAt: away, finding: outside('standby site north') },
    undeclared: {
      rule: 'flow-is-declared',
      endpoint: { standby: undefined },
      finding: 'standby of endpoint "bank/fraud" is not given',
      fix: "fix: give the endpoint standby: a Site of the zone that is none of its sites, or standby: none('why there is none')",
    },
  },
};

/** Rules of the law and of addresses, as they reach a user. */
const further: readonly (Row & { readonly kind: FlowKind })[] = [
  {
    kind: 'image',
    rule: 'known-host-is-in-zone',
    site: { images: new ImageRegistry({ place: home, prefix: 'ghcr.io/bank' }) },
    finding: 'ghcr.io (GitHub) is in US',
    fix: "fix: mirror it inside the zone and use the mirror's address",
  },
  {
    kind: 'image',
    rule: 'uri-matches-place',
    site: {
      images: new ImageRegistry({
        place: home,
        prefix: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/serving',
      }),
    },
    finding: `declared at ${home}, but its address`,
    fix: `fix: use an address in ${home}, or declare the place aws:eu-west-1`,
  },
  {
    kind: 'log',
    rule: 'personal-data-is-encrypted',
    site: { logs: new LogSink({ place: home, uri: 'http://logs.bank.example' }) },
    finding: 'without encryption',
    fix: 'fix: use an address over TLS, such as https: or rediss:',
  },
  {
    kind: 'log',
    rule: 'pdpl-transfer-basis',
    site: { logs: new LogSink({ place: away, uri: 'https://logs.example' }) },
    finding: 'states no transfer basis',
    fix: 'fix: add a transfer to "aws:eu-west-1"',
  },
  {
    kind: 'egress',
    rule: 'flow-is-declared',
    object: { apiVersion: 'networking.istio.io/v1alpha3', kind: 'EnvoyFilter' },
    finding:
      'EnvoyFilter "plain" is of networking.istio.io/v1alpha3, a kind that may open a way out',
    fix: 'fix: make it a child of a construct that declares its flows, or remove it',
  },
  {
    kind: 'egress',
    rule: 'flow-is-declared',
    object: { apiVersion: 'v1', kind: 'Service', spec: { type: 'LoadBalancer' } },
    finding: 'Service "plain" asks for a load balancer',
    fix: 'fix: use type ClusterIP',
  },
  {
    kind: 'egress',
    rule: 'flow-is-declared',
    container: { image: 'registry.bank.example/serving/app:1', args: ['--site=datadoghq.com'] },
    finding: 'Deployment "plain" names datadoghq.com (Datadog), which no flow declares',
    fix: 'fix: remove it, or declare the sink or bucket that is reached there',
  },
  {
    kind: 'trace',
    rule: 'address-range-is-plausible',
    site: {
      traces: new TraceSink({
        place: home,
        uri: 'https://otel.bank.example',
        peer: Peer.addresses('52.0.0.0/8'),
      }),
    },
    finding: `is declared at ${home} and reached at 52.0.0.0/8, which is public and wider than /16`,
    fix: 'fix: name the ranges of its private endpoint',
  },
  {
    kind: 'backup',
    rule: 'financial-data-has-backup',
    data: [DataClass.FINANCIAL],
    finding: 'has no backup: "can be trained again"',
    fix: 'fix: declare a backup in the UAE',
  },
];

const image = 'registry.bank.example/serving/app:1';
const collector = (name: string) => ({ image, env: [{ name, value: 'https://otlp.example' }] });
const noSink = "fix: declare it as the site's sink, or remove the variable";

/** What lies in no site is held to the same closed world: no flow begins or ends there. */
const outsideSites: readonly (Row & { readonly kind: FlowKind })[] = [
  {
    kind: 'egress',
    container: { image },
    finding: `Deployment "plain" runs image "${image}" outside of every Site`,
    fix: 'fix: put it into a Site of the zone, or into an App of its own',
  },
  {
    kind: 'artifact',
    container: { image, args: ['s3://models/m'] },
    finding: 'Deployment "plain" reads "s3://models/m", which no ModelBucket of the zone declares',
    fix: 'fix: declare its bucket as the ModelBucket of an endpoint, or remove it',
  },
  {
    kind: 'log',
    container: collector('OTEL_EXPORTER_OTLP_LOGS_ENDPOINT'),
    finding: 'sets OTEL_EXPORTER_OTLP_LOGS_ENDPOINT to "https://otlp.example"',
    fix: noSink,
  },
  {
    kind: 'metric',
    container: collector('OTEL_EXPORTER_OTLP_METRICS_ENDPOINT'),
    finding: 'sets OTEL_EXPORTER_OTLP_METRICS_ENDPOINT to "https://otlp.example"',
    fix: noSink,
  },
  {
    kind: 'trace',
    container: collector('OTEL_EXPORTER_OTLP_ENDPOINT'),
    finding: 'sets OTEL_EXPORTER_OTLP_ENDPOINT to "https://otlp.example"',
    fix: noSink,
  },
].flatMap((row) =>
  (['a chart of the zone', 'a chart of the app'] as const).map((chart) => ({
    ...row,
    kind: row.kind as FlowKind,
    rule: 'flow-is-declared',
    in: chart,
  })),
);

function build(row: Row): App {
  const app = new App();
  const zone = newZone(app, row.data === undefined ? {} : { data: row.data });
  const site = newSite(zone, 'dubai', untyped(row.site ?? {}));
  const standby =
    row.standbyAt === undefined
      ? {}
      : { standby: newSite(zone, 'north', { place: untyped(row.standbyAt) }) };
  newEndpoint(site, untyped({ ...standby, ...row.endpoint }));
  if (row.object !== undefined) {
    new ApiObject(site, 'object', { metadata: { name: 'plain' }, ...row.object });
  }
  if (row.container !== undefined) {
    const scopes = {
      'a chart of the zone': () => new Chart(zone, 'shared'),
      'a chart of the app': () => new Chart(app, 'shared'),
    };
    new ApiObject(row.in === undefined ? site : scopes[row.in](), 'plain', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'plain' },
      spec: { template: { spec: { containers: [row.container] } } },
    });
  }
  return app;
}

/** `synth` refuses the tree with one line that holds the flow, the finding, the rule, its source and the fix. */
function assertRefused(kind: FlowKind, row: Row, synth: (app: App) => unknown): void {
  const source = rules.find((rule) => rule.id === row.rule)?.sources[0]?.title;
  assert(source !== undefined, row.rule);
  assert.throws(
    () => synth(build(row)),
    (error: Error) => {
      const lines = error.message.split('\n');
      const line = lines.find((l) => l.includes(`${kind} flow of `) && l.includes(row.finding));
      assert(line !== undefined, error.message);
      for (const text of [`rule ${row.rule} (`, source, row.fix]) assert(line.includes(text), line);
      return true;
    },
  );
}

describe('synth refuses', () => {
  it('nothing of the tree that the rows bend', () => {
    assert.equal(manifestFiles(build({ rule: '', finding: '', fix: '' })).length, 2);
  });

  for (const kind of flowKinds) {
    for (const fault of ['leaves', 'undeclared'] as const) {
      const what = fault === 'leaves' ? 'that leaves the zone' : 'that nobody declared';
      it(`a flow of kind ${kind} ${what}`, () => {
        assertRefused(kind, table[kind][fault], manifestFiles);
      });
    }
  }

  for (const row of further) {
    it(`a flow of kind ${row.kind} by the rule ${row.rule}`, () => {
      assertRefused(row.kind, row, manifestFiles);
    });
  }

  for (const row of outsideSites) {
    it(`a flow of kind ${row.kind} that a workload in ${row.in ?? ''} gives away`, () => {
      assertRefused(row.kind, row, manifestFiles);
    });
  }

  it('in cdk8s’s own synth too', () => {
    assertRefused('log', table.log.leaves, (app) => app.synthYaml());
  });
});
