/**
 * What must not compile through the doors for Pulumi. The compiler checks this file with all others:
 * a line that compiles after all is an unused `@ts-expect-error`, which is an error.
 */
import { DataClass, Jurisdiction, type Place } from '@manara/residency';
import { output } from '@pulumi/pulumi';
import { Duration } from 'cdk8s';
import {
  BlueGreenRollout,
  Callers,
  CanaryRollout,
  GatewayTls,
  ImageRegistry,
  InferenceGateway,
  LogSink,
  ModelArtifact,
  ModelBucket,
  ModelEndpoint,
  ModelVersion,
  none,
  Peer,
  ResidencyZone,
  ServingEngine,
  ShadowRollout,
  Site,
  TokenIssuer,
} from '../../src';

const peer = Peer.addresses('10.20.0.0/24');

export function program(): void {
  const zone = new ResidencyZone('bank', {
    jurisdiction: Jurisdiction.AE_ONSHORE,
    places: ['aws:me-central-1', 'azure:uaenorth'],
    data: [DataClass.PERSONAL],
  });
  const images = new ImageRegistry({ place: 'azure:uaenorth', prefix: output('registry.example') });
  const rest = { logs: none('a'), metrics: none('b'), traces: none('c'), backup: none('d') };
  const site = new Site('north', { zone, place: 'azure:uaenorth', images, ...rest });

  // @ts-expect-error a site outside the zone
  new Site('ireland', { zone, place: 'aws:eu-west-1', images, ...rest });
  const abroad = new ImageRegistry({ place: 'aws:eu-west-1', prefix: 'registry.example' });
  // @ts-expect-error a registry outside the zone
  new Site('north', { zone, place: 'azure:uaenorth', ...rest, images: abroad });
  const logs = new LogSink({ place: 'gcp:europe-west3', uri: output('https://logs.example') });
  // @ts-expect-error a log sink outside the zone
  new Site('north', { zone, place: 'azure:uaenorth', images, ...rest, logs });

  const versionIn = <const P extends Place>(bucket: ModelBucket<P>) =>
    new ModelVersion(1, new ModelArtifact({ bucket, key: 'fraud/1/model.onnx' }));
  const uri = output('s3://models');
  const here = new ModelBucket({ place: 'azure:uaenorth', uri, peer });
  const away = new ModelBucket({ place: 'aws:eu-west-1', uri, peer });
  const served = {
    zone,
    versions: [versionIn(here)],
    engine: ServingEngine.onnx(),
    sites: [site],
    standby: none('one site'),
    objective: { p99Latency: Duration.millis(50), availabilityPercent: 99 },
    traffic: { peakRequestsPerSecond: 1 },
  } as const;
  const endpoint = new ModelEndpoint('fraud', served);
  // @ts-expect-error weights outside the zone
  new ModelEndpoint('fraud', { ...served, versions: [versionIn(away)] });

  const config = { cache: { redis: { url: output('rediss://cache.bank.example') } } };
  const host = output('cache.bank.example');
  const server = { config, hosts: [{ host, place: 'azure:uaenorth', peer }] } as const;
  new ModelEndpoint('fraud', { ...served, server });
  const foreign = { config, hosts: [{ host, place: 'aws:eu-west-1', peer }] } as const;
  // @ts-expect-error a host of the server's configuration outside the zone
  new ModelEndpoint('fraud', { ...served, server: foreign });

  const near = { place: 'azure:uaenorth', uri: output('https://prometheus.example') } as const;
  new CanaryRollout('canary', { endpoint, prometheus: near });
  const prometheus = { ...near, place: 'aws:eu-west-1' } as const;
  // @ts-expect-error a Prometheus outside the zone
  new CanaryRollout('canary', { endpoint, prometheus });
  // @ts-expect-error a Prometheus outside the zone
  new BlueGreenRollout('blue-green', { endpoint, prometheus });
  // @ts-expect-error a Prometheus outside the zone
  new ShadowRollout('shadow', { endpoint, prometheus });

  const keys = output('https://login.example/keys');
  const tokens = { issuer: 'https://login.example', audiences: ['models'] } as const;
  const issuer = new TokenIssuer({
    ...tokens,
    publishedKeys: { uri: keys, place: 'azure:uaenorth' },
  });
  const foreigner = new TokenIssuer({
    ...tokens,
    publishedKeys: { uri: keys, place: 'aws:eu-west-1' },
  });
  const gateway = {
    site,
    host: 'api.example',
    tls: GatewayTls.secret('api'),
    issuers: [issuer],
    access: [{ endpoint, callers: Callers.withToken() }],
    from: [peer],
    proxy: { name: 'istio/proxyv2', tag: output('1.31.0') },
  } as const;
  new InferenceGateway('api', gateway);
  // @ts-expect-error an issuer's keys outside the zone
  new InferenceGateway('api', { ...gateway, issuers: [foreigner] });
  const image = { name: 'envoyproxy/ratelimit', tag: '3fb70258' };
  const sharedLimits = {
    uri: 'rediss://redis.example',
    place: 'aws:eu-west-1',
    peer,
    image,
  } as const;
  // @ts-expect-error counts of callers outside the zone
  new InferenceGateway('api', { ...gateway, sharedLimits });

  // @ts-expect-error an Output where shape is needed
  new ModelEndpoint('fraud', { ...served, traffic: { peakRequestsPerSecond: output(1) } });
  // @ts-expect-error a place that is known only after deployment
  new ModelBucket({ place: output('azure:uaenorth'), uri: 's3://models', peer });
}
