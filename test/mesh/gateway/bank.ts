import { join } from 'node:path';
import {
  Callers,
  GatewayTls,
  ImageRegistry,
  InferenceGateway,
  type InferenceGatewayProps,
  manifestFiles,
  ModelArtifact,
  ModelBucket,
  ModelEndpoint,
  ModelVersion,
  none,
  Peer,
  type RateLimit,
  ResidencyZone,
  ServiceMesh,
  ServingEngine,
  Site,
  TokenIssuer,
} from '@manara/constructs';
import { DataClass, Jurisdiction } from '@manara/residency';
import { App, Duration } from 'cdk8s';
import type { KubernetesDocument } from '../../support/documents';
import { repositoryRoot } from '../../support/paths';

export const place = 'onprem:bed';

export const hosts = { all: 'api.bank.test', fraud: 'fraud.api.bank.test' } as const;

/** Two endpoints behind a gateway, with a rule of each kind. */
export function bankDocuments(
  namespace: string,
  issuer: { readonly name: string; readonly keys: string },
  props: Pick<InferenceGatewayProps<typeof place>, 'sharedLimits'> & {
    readonly claims?: RateLimit;
  } = {},
): readonly KubernetesDocument[] {
  const app = new App();
  const zone = new ResidencyZone(app, namespace, {
    jurisdiction: Jurisdiction.AE_ONSHORE,
    places: [place],
    onPremises: { [place]: Jurisdiction.AE_ONSHORE },
    data: [DataClass.PERSONAL],
  });
  const site = new Site(zone, 'bed', {
    place,
    images: new ImageRegistry({ place, prefix: 'registry.bank.test/serving' }),
    mesh: ServiceMesh.istio(),
    logs: none('read on the node'),
    metrics: none('not collected'),
    traces: none('not collected'),
    backup: none('can be trained again'),
  });
  const bucket = new ModelBucket({
    place,
    uri: 'https://store.bank.test/models',
    peer: Peer.addresses('10.20.0.0/24'),
  });
  const endpoint = (id: string) =>
    new ModelEndpoint(zone, id, {
      versions: ([1, 2] as const).map((number) => {
        const key = `fraud/${number}/model.onnx`;
        const file = join(repositoryRoot, 'examples/models/repository', key);
        return new ModelVersion(number, new ModelArtifact({ bucket, key, file }));
      }) as [ModelVersion<typeof place>, ...ModelVersion<typeof place>[]],
      engine: ServingEngine.onnx(),
      sites: [site],
      standby: none('one site'),
      objective: { p99Latency: Duration.millis(200), availabilityPercent: 98 },
      traffic: { peakRequestsPerSecond: 50 },
    });
  const [fraud, claims] = [endpoint('fraud'), endpoint('claims')];
  new InferenceGateway(site, 'api', {
    host: hosts.all,
    tls: GatewayTls.secret('api-certificate'),
    issuers: [new TokenIssuer({ issuer: issuer.name, audiences: ['models'], keys: issuer.keys })],
    access: [
      { endpoint: fraud, callers: Callers.scope('fraud.infer') },
      { endpoint: fraud, callers: Callers.subjects('auditor'), verbs: ['explain'], versions: [2] },
      {
        endpoint: claims,
        callers: Callers.withToken(),
        limit: props.claims ?? { requestsPerSecond: 0.25, burst: 5 },
      },
    ],
    from: [Peer.addresses('10.0.0.0/16')],
    proxy: { name: 'proxyv2', tag: '1.40.0' },
    cors: { origins: ['https://app.bank.test'] },
    maxRequestBytes: 10_000,
    ...(props.sharedLimits === undefined ? {} : { sharedLimits: props.sharedLimits }),
  });
  return manifestFiles(app).flatMap(
    ({ documents }) => documents as readonly unknown[] as readonly KubernetesDocument[],
  );
}
