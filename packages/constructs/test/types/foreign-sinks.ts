/**
 * Type tests: a sink outside its zone does not compile. Nothing here runs; `tsc -b` fails where an
 * expected error is not there, and where an error is that is not expected.
 */
import { DataClass, Jurisdiction } from '@manara/residency';
import { App, Duration } from 'cdk8s';
import {
  BackupVault,
  ImageRegistry,
  LogSink,
  MetricSink,
  ModelArtifact,
  ModelBucket,
  ModelEndpoint,
  ModelVersion,
  none,
  Peer,
  ResidencyZone,
  ServingEngine,
  Site,
  TraceSink,
} from '../../src';

const home = 'aws:me-central-1';
const away = 'aws:eu-west-1';
const monitoring = Peer.namespace('monitoring');

export function zone(): ResidencyZone<'aws:me-central-1' | 'azure:uaenorth'> {
  return new ResidencyZone(new App(), 'bank', {
    jurisdiction: Jurisdiction.AE_ONSHORE,
    places: ['aws:me-central-1', 'azure:uaenorth'],
    data: [DataClass.PERSONAL],
  });
}

export function zoneAbroad(): ResidencyZone<'aws:eu-west-1'> {
  return new ResidencyZone(new App(), 'abroad', {
    jurisdiction: Jurisdiction.AE_ONSHORE,
    places: ['aws:eu-west-1'],
    data: [DataClass.PUBLIC],
  });
}

const absent = { logs: none('a'), metrics: none('b'), traces: none('c'), backup: none('d') };
const images = new ImageRegistry({ place: home, prefix: 'registry.bank.example' });

/** What compiles: every sink at one of the zone's places, whichever. */
export function site(): Site<'aws:me-central-1' | 'azure:uaenorth'> {
  return new Site(zone(), 'dubai', {
    place: home,
    images,
    logs: new LogSink({ place: home, uri: 'https://logs.bank.example' }),
    metrics: new MetricSink({
      place: 'azure:uaenorth',
      uri: 'https://prometheus.bank.example',
      scrapedBy: monitoring,
    }),
    traces: new TraceSink({
      place: home,
      uri: 'https://otel.bank.example',
      peer: monitoring,
    }),
    backup: new BackupVault({ place: 'azure:uaenorth', uri: 'https://vault.bank.example' }),
  });
}

export function siteRefusesForeignSinks(): void {
  new Site(zone(), 'a', {
    ...absent,
    // @ts-expect-error a site outside the zone
    place: away,
    images,
  });
  new Site(zone(), 'b', {
    ...absent,
    place: home,
    // @ts-expect-error an image registry outside the zone
    images: new ImageRegistry({ place: away, prefix: 'registry.example' }),
  });
  new Site(zone(), 'c', {
    ...absent,
    place: home,
    images,
    // @ts-expect-error a log sink outside the zone
    logs: new LogSink({ place: away, uri: 'https://logs.example' }),
  });
  new Site(zone(), 'd', {
    ...absent,
    place: home,
    images,
    // @ts-expect-error a metric sink outside the zone
    metrics: new MetricSink({ place: away, uri: 'https://p.example', scrapedBy: monitoring }),
  });
  new Site(zone(), 'e', {
    ...absent,
    place: home,
    images,
    // @ts-expect-error a trace sink outside the zone
    traces: new TraceSink({ place: away, uri: 'https://otel.example', peer: monitoring }),
  });
  new Site(zone(), 'f', {
    ...absent,
    place: home,
    images,
    // @ts-expect-error a backup vault outside the zone
    backup: new BackupVault({ place: away, uri: 'https://vault.example' }),
  });
  new Site(zone(), 'g', {
    ...absent,
    place: home,
    images,
    // @ts-expect-error a sink of another kind
    logs: new BackupVault({ place: home, uri: 'https://vault.bank.example' }),
  });
  const { metrics, traces, backup } = absent;
  // @ts-expect-error a flow, the logs, that is neither declared nor said to be absent
  new Site(zone(), 'h', { metrics, traces, backup, place: home, images });
}

export function sitesTakeNoBareOrUnknownRegion(): void {
  // @ts-expect-error a region without its cloud
  new Site(zone(), 'i', { ...absent, place: 'me-central-1', images });
  // @ts-expect-error Google's Doha spelt as a region of AWS
  new Site(zone(), 'j', { ...absent, place: 'aws:me-central1', images });
  // @ts-expect-error a region without its cloud
  new LogSink({ place: 'me-central-1', uri: 'https://logs.example' });
}

export function zoneTakesNoBareOrUnknownRegion(): void {
  const rest = { jurisdiction: Jurisdiction.AE_ONSHORE, data: [DataClass.PERSONAL] };
  // @ts-expect-error a region without its cloud
  new ResidencyZone(new App(), 'k', { ...rest, places: ['me-central-1'] });
  // @ts-expect-error Google's Doha spelt as a region of AWS
  new ResidencyZone(new App(), 'l', { ...rest, places: ['aws:me-central1'] });
  new ResidencyZone(new App(), 'm', {
    ...rest,
    places: [home],
    // @ts-expect-error a transfer to a place that the zone does not permit
    transfers: [{ to: away, basis: 'PDPL Art 23(1)(b)', evidence: 'register 7' }],
  });
}

const at = (bucket: ModelBucket<'aws:me-central-1'>) => ({ bucket, key: 'a/1/model.onnx' });
const bucket = new ModelBucket({ place: home, uri: 'pvc://models' });
const bucketAway = new ModelBucket({ place: away, uri: 'pvc://models' });
const served = {
  engine: ServingEngine.onnx(),
  standby: none('one site'),
  objective: { p99Latency: Duration.millis(50), availabilityPercent: 99 },
  traffic: { peakRequestsPerSecond: 1 },
};

export function endpointRefusesForeignSinks(): void {
  const sites = [site()] as const;
  const version = new ModelVersion(1, new ModelArtifact(at(bucket)));
  const abroad = new Site(zoneAbroad(), 'ireland', {
    ...absent,
    place: away,
    images: new ImageRegistry({ place: away, prefix: 'registry.example' }),
  });

  new ModelEndpoint(zone(), 'compiles', { ...served, sites, versions: [version] });
  const beside = { name: 'beside', versions: [version] } as const;
  const foreign = new ModelVersion(2, new ModelArtifact({ ...at(bucket), bucket: bucketAway }));
  new ModelEndpoint(zone(), 'compiles-too', {
    ...served,
    sites,
    versions: [version],
    engine: ServingEngine.triton({ models: [beside] }),
  });
  new ModelEndpoint(zone(), 'engine', {
    ...served,
    sites,
    versions: [version],
    // @ts-expect-error a model beside the endpoint's, whose bucket is outside the zone
    engine: ServingEngine.triton({ models: [beside, { name: 'b', versions: [foreign] }] }),
  });
  new ModelEndpoint(zone(), 'n', {
    ...served,
    sites,
    versions: [
      // @ts-expect-error a model bucket outside the zone
      new ModelVersion(2, new ModelArtifact({ ...at(bucket), bucket: bucketAway })),
    ],
  });
  new ModelEndpoint(zone(), 'o', {
    ...served,
    sites,
    versions: [
      // @ts-expect-error a copy of the weights outside the zone
      new ModelVersion(1, new ModelArtifact({ ...at(bucket), copies: [bucketAway] })),
    ],
  });
  new ModelEndpoint(zone(), 'p', {
    ...served,
    versions: [version],
    // @ts-expect-error a site of another zone
    sites: [abroad],
  });
  new ModelEndpoint(zone(), 'q', {
    ...served,
    sites,
    versions: [version],
    // @ts-expect-error a standby site of another zone
    standby: abroad,
  });
  new ModelEndpoint(zone(), 'r', {
    ...served,
    sites,
    // @ts-expect-error nothing to serve
    versions: [],
  });
}
