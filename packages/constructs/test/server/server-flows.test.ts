import assert from 'node:assert/strict';
import { DataClass, type DataFlow, Jurisdiction } from '@manara/residency';
import { App } from 'cdk8s';
import {
  auditTree,
  ImageRegistry,
  manifestFiles,
  ModelArtifact,
  ModelEndpoint,
  ModelVersion,
  none,
  Peer,
  ResidencyZone,
  secretFile,
  ServingEngine,
  type ServerHost,
  type ServerProps,
  Site,
} from '../../src';
import { claim, newEndpoint, newSite, newZone, objective, sha256 } from '../support/fixtures';
import { flagdPeer, flagged, home, redisPeer, treeWith } from './support';

const america = 'aws:us-east-1';
const proxy = Peer.pods('egress', { app: 'proxy' });
const sdkKeyFile = secretFile('launchdarkly', 'sdk-key');
const polled = { sdkKeyFile, baseUri: 'https://sdk.launchdarkly.com' };
const reported = { ...polled, eventsUri: 'https://events.launchdarkly.com' };
type Abroad = typeof home | typeof america;
const abroad: readonly ServerHost<Abroad>[] = [
  { host: 'sdk.launchdarkly.com', place: america, peer: proxy },
  { host: 'events.launchdarkly.com', place: america, peer: proxy },
];

const artifact = (version: number) =>
  new ModelArtifact<Abroad>({
    bucket: claim,
    key: `fraud/${version}/model.onnx`,
    sha256,
    sizeBytes: 1_000_000,
  });

/** A zone that permits a place in America, and one endpoint in the UAE that uses LaunchDarkly. */
function americanTree(
  server: ServerProps<Abroad>,
  zone: Partial<ConstructorParameters<typeof ResidencyZone<Abroad>>[2]> = {},
): App {
  const app = new App();
  const bank = new ResidencyZone<Abroad>(app, 'bank', {
    jurisdiction: Jurisdiction.AE_ONSHORE,
    places: [home, america],
    data: [DataClass.PERSONAL, DataClass.PUBLIC],
    ...zone,
  });
  const site = new Site<Abroad>(bank, 'dubai', {
    place: home,
    images: new ImageRegistry({ place: home, prefix: 'registry.bank.example/serving' }),
    logs: none('a test'),
    metrics: none('a test'),
    traces: none('a test'),
    backup: none('a test'),
  });
  new ModelEndpoint<Abroad>(bank, 'fraud', {
    versions: [new ModelVersion<Abroad>(1, artifact(1)), new ModelVersion<Abroad>(2, artifact(2))],
    engine: ServingEngine.onnx(),
    sites: [site],
    standby: none('one site'),
    objective,
    traffic: { peakRequestsPerSecond: 10 },
    server,
  });
  return app;
}

const ofServer = ({ kind }: DataFlow) => ['flag', 'key', 'event', 'state'].includes(kind);

/** Kind, what it is called, and the classes of each flow of the server. */
function flowsOf(app: App) {
  return auditTree(app)
    .flatMap(({ flows }) => flows.filter(ofServer))
    .map((flow) => {
      assert(flow.status === 'declared');
      return [flow.kind, flow.to.name, flow.encryption, flow.dataClasses.map(String).join(' ')];
    });
}

/** `rule: what was found`, of each flow that is refused. */
function refusedIn(app: App): readonly string[] {
  return auditTree(app).flatMap(({ violations }) =>
    violations.map(({ rule, verdict }) => `${rule.id}: ${verdict.because}`),
  );
}

describe('flows of a server', () => {
  it('are one for each address, with what is told there', () => {
    const redis = { url: 'rediss://redis.data.svc/0' };
    const login = { name: 'a', issuer: 'a', audience: 'a', jwksUrl: 'https://login.bank.example/' };
    const app = treeWith(
      {
        config: flagged(
          {
            flagd: { resolver: 'rpc', host: 'flagd.flags.svc', tls: true },
            attributes: ['header:x-plan'],
          },
          {
            identity: { jwt: [login] },
            rules: [{ callers: ['*'], verbs: ['infer'] }],
            jobs: {
              redis,
              webhook: {
                allow: ['https://hooks.bank.example/'],
                secretFiles: [secretFile('hooks', 'secret')],
              },
            },
          },
        ),
        hosts: [
          { host: 'flagd.flags.svc', place: home, peer: flagdPeer },
          { host: 'redis.data.svc', place: home, peer: redisPeer },
          { host: 'login.bank.example', place: home, peer: proxy },
          { host: 'hooks.bank.example', place: home, peer: proxy },
        ],
        attributes: { 'header:x-plan': [DataClass.PUBLIC] },
      },
      [DataClass.PERSONAL, DataClass.PUBLIC],
    );
    const of = 'of primary site dubai, told';
    assert.deepEqual(flowsOf(app), [
      [
        'flag',
        `variants.flags.flagd ${of} header:x-customer, header:x-plan`,
        'tls',
        'personal public',
      ],
      ['key', `identity.jwt.0.jwksUrl ${of} nothing of requests`, 'tls', ''],
      ['event', `jobs.webhook.allow.0 ${of} what requests hold`, 'tls', 'personal public'],
      ['state', `jobs.redis.url ${of} what requests hold`, 'tls', 'personal public'],
    ]);
    assert.deepEqual(refusedIn(app), []);
    assert.doesNotThrow(() => manifestFiles(app));
  });

  it('name what is told, attribute by attribute', () => {
    const app = treeWith({
      config: flagged({
        flagd: { resolver: 'rpc', host: 'flagd.flags.svc', tls: true },
        attributes: ['caller', 'header:x-plan'],
      }),
      hosts: [{ host: 'flagd.flags.svc', place: home, peer: flagdPeer }],
    });
    const [audit] = auditTree(app);
    const told = audit?.flows.flatMap((flow) =>
      flow.status === 'declared' ? [[flow.kind, flow.told]] : [],
    );
    assert.deepEqual(told, [
      ['artifact', undefined],
      ['artifact', undefined],
      ['image', undefined],
      ['flag', ['header:x-customer', 'caller', 'header:x-plan']],
    ]);
  });

  it('are refused where nobody says where a host is', () => {
    const app = treeWith({
      config: flagged({ flagd: { resolver: 'in-process', host: 'flagd.flags.svc' } }),
    });
    assert.throws(
      () => manifestFiles(app),
      /flag flow of bank\/fraud: server\.config\.variants\.flags\.flagd names flagd\.flags\.svc, whose place is not given; rule flow-is-declared .*; fix: add \{ host: 'flagd\.flags\.svc', place: …, peer: Peer\.… \} to server\.hosts, with the place where it is/,
    );
  });

  it('are refused in clear once something of a request is told', () => {
    const host = { host: 'flagd.flags.svc', place: home, peer: flagdPeer } as const;
    const tree = (resolver: 'in-process' | 'rpc') =>
      treeWith({ config: flagged({ flagd: { resolver, host: host.host } }), hosts: [host] });
    assert.deepEqual(refusedIn(tree('in-process')), []);
    assert.deepEqual(refusedIn(tree('rpc')), [
      'personal-data-is-encrypted: "primary site dubai" sends personal data to "variants.flags.flagd of primary site dubai, told header:x-customer" without encryption',
    ]);
  });

  it('go to the host at the place of the site, where it answers at several', () => {
    const app = new App();
    const zone = newZone(app);
    const azure = newSite(zone, 'abu-dhabi', { place: 'azure:uaenorth' });
    newEndpoint(newSite(zone), {
      standby: azure,
      server: {
        config: {
          cache: {
            redis: { url: 'rediss://redis.data.svc' },
            keyFile: secretFile('cache', 'key'),
          },
        },
        hosts: [
          { host: 'redis.data.svc', place: home, peer: redisPeer },
          { host: 'redis.data.svc', place: 'azure:uaenorth', peer: redisPeer },
        ],
      },
    });
    const ends = auditTree(app)[0]!.flows.flatMap((flow) =>
      flow.status === 'declared' && flow.kind === 'state' ? [[flow.from.place, flow.to.place]] : [],
    );
    assert.deepEqual(ends, [
      [home, home],
      ['azure:uaenorth', 'azure:uaenorth'],
    ]);
  });
});

describe('LaunchDarkly, outside of the UAE', () => {
  const told = { 'header:x-customer': [DataClass.PUBLIC] };
  const server = (launchDarkly: typeof polled) => ({
    config: flagged({ launchDarkly }),
    hosts: 'eventsUri' in launchDarkly ? abroad : abroad.slice(0, 1),
  });

  it('is refused in a zone that does not permit its place', () => {
    const app = treeWith({ ...server(polled), hosts: abroad.slice(0, 1) as never });
    assert.deepEqual(refusedIn(app), [
      'flow-stays-in-zone: "variants.flags.launchDarkly.baseUri of primary site dubai, told nothing of requests" is at aws:us-east-1, outside zone "bank" (aws:me-central-1, azure:uaenorth)',
    ]);
  });

  it('is not passed off as lying in the UAE', () => {
    const hosts = [{ ...abroad[0]!, place: home } as const];
    assert.deepEqual(refusedIn(treeWith({ config: flagged({ launchDarkly: polled }), hosts })), [
      'known-host-is-in-zone: "variants.flags.launchDarkly.baseUri of primary site dubai, told nothing of requests" is declared at aws:me-central-1, but launchdarkly.com (LaunchDarkly) is in US: LaunchDarkly in the EU: Frankfurt, with monitoring and CDN in the United States',
    ]);
  });

  it('may be polled, as nothing of a request leaves', () => {
    assert.deepEqual(refusedIn(americanTree(server(polled))), []);
  });

  it('may be told of requests only on a legal basis', () => {
    assert.deepEqual(refusedIn(americanTree(server(reported))), [
      'pdpl-transfer-basis: "variants.flags.launchDarkly.eventsUri of primary site dubai, told header:x-customer" is at aws:us-east-1, outside AE-onshore, and the zone states no transfer basis for it',
    ]);
    const transfers = [{ to: america, basis: 'PDPL Art 23(1)', evidence: 'contract 7' }] as const;
    assert.deepEqual(refusedIn(americanTree(server(reported), { transfers })), []);
  });

  it('may be told what is public, and nothing that nobody says is', () => {
    assert.deepEqual(refusedIn(americanTree({ ...server(reported), attributes: told })), []);
    const config = flagged({ launchDarkly: reported, attributes: ['caller'] });
    const [refused = '', ...more] = refusedIn(
      americanTree({ config, hosts: abroad, attributes: told }),
    );
    assert.deepEqual(more, []);
    assert.match(refused, /^pdpl-transfer-basis: .*told header:x-customer, caller" is at aws:us/);
  });

  it('is told nothing of financial data, basis or not', () => {
    const transfers = [{ to: america, basis: 'PDPL Art 23(1)', evidence: 'contract 7' }] as const;
    const data = [DataClass.FINANCIAL, DataClass.PUBLIC];
    const rules = (attributes?: typeof told) =>
      refusedIn(
        americanTree(
          { ...server(reported), ...(attributes && { attributes }) },
          { data, transfers },
        ),
      ).filter((line) => line.includes('launchDarkly'));
    assert.match(rules()[0] ?? '', /^financial-data-stays-in-uae: .*eventsUri/);
    assert.deepEqual(rules(told), []);
  });
});
