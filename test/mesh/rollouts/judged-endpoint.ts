import { withoutSidecars } from '../without-sidecars';
import { join } from 'node:path';
import {
  ImageRegistry,
  manifestFiles,
  MetricSink,
  ModelArtifact,
  ModelBucket,
  ModelEndpoint,
  ModelVersion,
  none,
  Peer,
  ResidencyZone,
  ServiceMesh,
  type ServerProps,
  ServingEngine,
  Site,
} from '@manara/constructs';
import type { ServerConfig } from '@manara/contract';
import { DataClass, Jurisdiction } from '@manara/residency';
import { App, Duration } from 'cdk8s';
import type { Program } from '../../bed/kubelet/program';
import type { KubernetesDocument } from '../../support/documents';

/** How the pods of a template behave. */
export interface Behaviour {
  /** @default 0 */
  readonly errorRate?: number;
  /** @default 0 */
  readonly latencyMillis?: number;
  /** Share of predictions that their outcomes prove wrong. @default 0 */
  readonly wrongRate?: number;
  /** The endpoint's default version, which alone makes another template. @default 1 */
  readonly version?: 1 | 2;
}

/** One number for each behaviour, in the digest of the pods' image. */
const behaviours: Behaviour[] = [];

export const place = 'aws:me-central-1';

const peer = Peer.addresses('10.20.0.0/24');

/** Endpoint `fraud`, whose pods behave as their image says. */
export class JudgedEndpoint {
  constructor(
    readonly namespace: string,
    private readonly prometheusUrl: string,
    private readonly rollOut: ((endpoint: ModelEndpoint) => unknown) | undefined,
    /** Whether its outcomes are compared. */
    private readonly compared = true,
  ) {}

  /** The same endpoint without its rollout. */
  withoutRollout(): JudgedEndpoint {
    return new JudgedEndpoint(this.namespace, this.prometheusUrl, undefined, this.compared);
  }

  /** What a deploy applies: the kinds that the bed has a use for. */
  documents(behaviour: Behaviour = {}): readonly KubernetesDocument[] {
    const app = new App();
    const zone = new ResidencyZone(app, 'bank', {
      jurisdiction: Jurisdiction.AE_ONSHORE,
      places: [place],
      data: [DataClass.PUBLIC],
    });
    const metrics = {
      place,
      uri: this.prometheusUrl,
      scrapedBy: Peer.namespace('monitoring'),
    } as const;
    const site = new Site(zone, 'dubai', {
      place,
      namespace: this.namespace,
      images: new ImageRegistry({ place, prefix: 'registry.bank.example/serving' }),
      mesh: ServiceMesh.istio(),
      metrics: new MetricSink(metrics),
      logs: none('read on the node'),
      traces: none('not collected'),
      backup: none('can be trained again'),
    });
    const bucket = new ModelBucket({ place, uri: 's3://bank-models', peer });
    const version = (number: number): ModelVersion<typeof place> =>
      new ModelVersion(
        number,
        new ModelArtifact({
          bucket,
          key: `fraud/${number}/model.onnx`,
          sha256: 'a'.repeat(64),
          sizeBytes: 1_000_000,
        }),
      );
    const { version: current = 1 } = behaviour;
    const endpoint = new ModelEndpoint(zone, 'fraud', {
      versions: [version(1), version(2)],
      defaultVersion: current,
      engine: ServingEngine.onnx({ imageDigest: digestOf(behaviour) }),
      sites: [site],
      standby: none('one site'),
      objective: { p99Latency: Duration.millis(50), availabilityPercent: 99 },
      traffic: { peakRequestsPerSecond: 400, quietRequestsPerSecond: 100 },
      ...(this.compared ? { server: comparing(current) } : {}),
    });
    this.rollOut?.(endpoint);
    return manifestFiles(app)
      .flatMap((file) => file.documents as unknown as readonly KubernetesDocument[])
      .filter(({ kind }) => kinds.has(kind))
      .map(withoutSidecars);
  }
}

/** A server whose outcomes count, whichever pod they are told to. */
function comparing(version: number): ServerProps<typeof place> {
  return {
    config: {
      variants: {
        models: {
          fraud: {
            variants: { current: { version, weight: 1 } },
            outcome: { output: 'label', as: 'value' },
          },
        },
        feedback: { redis: { url: 'rediss://redis.bank.example' } },
      },
    },
    hosts: [{ host: 'redis.bank.example', place, peer }],
  };
}

const kinds = new Set([
  'AnalysisTemplate',
  'ConfigMap',
  'Deployment',
  'DestinationRule',
  'HorizontalPodAutoscaler',
  'PodDisruptionBudget',
  'Rollout',
  'Service',
  'ServiceAccount',
  'VirtualService',
]);

/** Without the version, which is the endpoint's to say. */
function digestOf(described: Behaviour): string {
  const behaviour = { ...described, version: undefined };
  const text = JSON.stringify(behaviour);
  const known = behaviours.findIndex((one) => JSON.stringify(one) === text);
  const index = known < 0 ? behaviours.push(behaviour) - 1 : known;
  return `sha256:${index.toString(16).padStart(64, '0')}`;
}

/** Plays the pods of judged endpoints. */
export const judgedServer: Program = ({ pod, container, ip }) => {
  const index = parseInt(/sha256:(\w+)$/.exec(container.image)?.[1] ?? '', 16);
  const behaviour = behaviours[index];
  if (behaviour === undefined) throw new Error(`nobody said how ${container.image} behaves`);
  // As the real server: what answers where nothing is said stands in the pod's own configuration.
  const config = JSON.parse(
    pod.metadata.annotations?.['manara.dev/config'] ?? '{}',
  ) as ServerConfig;
  const version = config.models?.[0]?.defaultVersion;
  const all = { errorRate: 0, latencyMillis: 0, wrongRate: 0, ...behaviour, version };
  return {
    command: process.execPath,
    args: [join(__dirname, 'judged-server.js')],
    env: {
      JUDGED_IP: ip,
      JUDGED_POD: pod.metadata.name,
      JUDGED_MODEL: 'fraud',
      JUDGED: JSON.stringify(all),
    },
  };
};
