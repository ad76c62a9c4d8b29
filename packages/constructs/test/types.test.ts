import assert from 'node:assert/strict';
import { compile } from './support/compile';

const prelude = `
import { App, Duration } from 'cdk8s';
import { DataClass, Jurisdiction } from '@manara/residency';
import { BackupVault, ImageRegistry, LogSink, MetricSink, ModelArtifact, ModelBucket, ModelEndpoint,
  ModelVersion, none, Peer, ResidencyZone, ServingEngine, Site, TraceSink } from '@manara/constructs';
const peer = Peer.namespace('monitoring');
const law = { jurisdiction: Jurisdiction.AE_ONSHORE, data: [DataClass.PERSONAL] };
const zone = new ResidencyZone(new App(), 'bank', {
  ...law,
  places: ['aws:me-central-1', 'azure:uaenorth'],
});
const rest = {
  place: 'aws:me-central-1',
  images: new ImageRegistry({ place: 'aws:me-central-1', prefix: 'registry.bank.example' }),
  logs: none('a'), metrics: none('b'), traces: none('c'), backup: none('d'),
} as const;
const dubai = new Site(zone, 'dubai', rest);
const abroad = new ResidencyZone(new App(), 'abroad', { ...law, places: ['aws:eu-west-1'] });
const ireland = new Site(abroad, 'ireland', {
  ...rest,
  place: 'aws:eu-west-1',
  images: new ImageRegistry({ place: 'aws:eu-west-1', prefix: 'registry.example' }),
});
const key = 'fraud/1/model.onnx';
const bucket = new ModelBucket({ place: 'aws:me-central-1', uri: 'pvc://models' });
const bucketAbroad = new ModelBucket({ place: 'aws:eu-west-1', uri: 'pvc://models' });
const served = {
  versions: [new ModelVersion(1, new ModelArtifact({ bucket, key }))],
  engine: ServingEngine.onnx(), sites: [dubai], standby: none('e'),
  objective: { p99Latency: Duration.millis(50), availabilityPercent: 99 },
  traffic: { peakRequestsPerSecond: 1 },
} as const;
`;

const inSite = (prop: string) => `new Site(zone, 'a', { ...rest, ${prop} });`;
const inEndpoint = (prop: string) => `new ModelEndpoint(zone, 'a', { ...served, ${prop} });`;
const zoneUnion = '"aws:me-central-1" | "azure:uaenorth"';

/** Snippet, and the line of the compiler's message that a user looks for. */
const cases: Readonly<Record<string, readonly [source: string, line: string]>> = {
  'a site': [
    inSite(`place: 'aws:eu-west-1'`),
    `Type '"aws:eu-west-1"' is not assignable to type '${zoneUnion}'.`,
  ],
  'a bare region': [
    inSite(`place: 'me-central-1'`),
    `Type '"me-central-1"' is not assignable to type '${zoneUnion}'. Did you mean '"aws:me-central-1"'?`,
  ],
  'a bare region in a zone': [
    `new ResidencyZone(new App(), 'z', { ...law, places: ['me-central-1'] });`,
    `Type '"me-central-1"' is not assignable to type 'Place'. Did you mean '"aws:me-central-1"'?`,
  ],
  'an unknown region in a zone': [
    `new ResidencyZone(new App(), 'z', { ...law, places: ['aws:me-central1'] });`,
    `Type '"aws:me-central1"' is not assignable to type 'Place'. Did you mean '"aws:me-central-1"'?`,
  ],
  'a transfer': [
    `new ResidencyZone(new App(), 'z', { ...law, places: ['aws:me-central-1'],
       transfers: [{ to: 'aws:eu-west-1', basis: 'b', evidence: 'e' }] });`,
    `Type '"aws:eu-west-1"' is not assignable to type '"aws:me-central-1"'.`,
  ],
  'an image registry': [
    inSite(`images: new ImageRegistry({ place: 'aws:eu-west-1', prefix: 'r.example' })`),
    `Type '"aws:eu-west-1"' is not assignable to type '${zoneUnion}'.`,
  ],
  'a log sink': [
    inSite(`logs: new LogSink({ place: 'aws:eu-west-1', uri: 'https://l.example' })`),
    `Type '"aws:eu-west-1"' is not assignable to type '${zoneUnion}'.`,
  ],
  'a metric sink': [
    inSite(
      `metrics: new MetricSink({ place: 'aws:eu-west-1', uri: 'https://m.example', scrapedBy: peer })`,
    ),
    `Type '"aws:eu-west-1"' is not assignable to type '${zoneUnion}'.`,
  ],
  'a trace sink': [
    inSite(`traces: new TraceSink({ place: 'aws:eu-west-1', uri: 'https://t.example', peer })`),
    `Type '"aws:eu-west-1"' is not assignable to type '${zoneUnion}'.`,
  ],
  'a backup vault': [
    inSite(`backup: new BackupVault({ place: 'aws:eu-west-1', uri: 'https://b.example' })`),
    `Type '"aws:eu-west-1"' is not assignable to type '${zoneUnion}'.`,
  ],
  'a model bucket': [
    inEndpoint(`versions: [new ModelVersion(1, new ModelArtifact({ bucket: bucketAbroad, key }))]`),
    `Type '"aws:eu-west-1"' is not assignable to type '${zoneUnion}'.`,
  ],
  'a copy of the weights': [
    inEndpoint(
      `versions: [new ModelVersion(1, new ModelArtifact({ bucket, copies: [bucketAbroad], key }))]`,
    ),
    `Type '"aws:eu-west-1"' is not assignable to type '${zoneUnion}'.`,
  ],
  'a site of another zone': [
    inEndpoint(`sites: [ireland]`),
    `Type '"aws:eu-west-1"' is not assignable to type '${zoneUnion}'.`,
  ],
  'a standby site': [
    inEndpoint(`standby: ireland`),
    `Type '"aws:eu-west-1"' is not assignable to type '${zoneUnion}'.`,
  ],
  'a host of the server': [
    inEndpoint(
      `server: { config: {}, hosts: [{ host: 'h.example', place: 'aws:eu-west-1', peer }] }`,
    ),
    `Type '"aws:eu-west-1"' is not assignable to type '${zoneUnion}'.`,
  ],
  'a flow left out': [
    `const { logs, ...others } = rest; new Site(zone, 'a', others);`,
    `Property 'logs' is missing in type`,
  ],
};

describe('what the compiler says of', function () {
  this.timeout(60_000);
  let said: ReturnType<typeof compile>;

  before(() => {
    said = compile({
      valid: `${prelude}${inSite('')}${inEndpoint('standby: dubai')}`,
      ...Object.fromEntries(
        Object.entries(cases).map(([name, [source]]) => [
          name.replaceAll(' ', '-'),
          prelude + source,
        ]),
      ),
    });
  });

  it('a program whose sinks all lie in the zone: nothing', () => {
    assert.deepEqual(said.valid, []);
  });

  for (const [name, [, line]] of Object.entries(cases)) {
    it(`${name} outside it: one message that names both places`, () => {
      const messages = said[name.replaceAll(' ', '-')] ?? [];
      assert.equal(messages.length, 1, messages.join('\n'));
      const lines = (messages[0] ?? '').split('\n').map((l) => sortUnions(l.trim()));
      assert(
        lines.some((l) =>
          line.endsWith('.') || line.endsWith('?') ? l === line : l.startsWith(line),
        ),
        lines.join('\n'),
      );
    });
  }
});

/** The compiler orders a union by when it first met each member, which is nobody's promise. */
function sortUnions(line: string): string {
  return line.replace(/"[^"]+"(?: \| "[^"]+")+/g, (union) => union.split(' | ').sort().join(' | '));
}
