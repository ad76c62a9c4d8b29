import assert from 'node:assert/strict';
import { record, recordRefusal } from '@manara/pulumi-testing';
import { ServiceMesh } from '@manara/constructs';
import { DataClass, Jurisdiction } from '@manara/residency';
import { Provider } from '@pulumi/kubernetes/provider';
import * as pulumi from '@pulumi/pulumi';
import { Duration } from 'cdk8s';
import {
  BlueGreenRollout,
  Callers,
  CanaryRollout,
  GatewayTls,
  ImageRegistry,
  InferenceGateway,
  MetricSink,
  ModelArtifact,
  ModelBucket,
  ModelEndpoint,
  ModelVersion,
  none,
  Observability,
  Peer,
  ResidencyZone,
  ServingEngine,
  Site,
  TokenIssuer,
} from '../../src';

const place = 'aws:me-central-1';

function dubai() {
  const zone = new ResidencyZone('bank', {
    jurisdiction: Jurisdiction.AE_ONSHORE,
    places: [place],
    data: [DataClass.PERSONAL],
  });
  const images = new ImageRegistry({ place, prefix: 'registry.bank.example' });
  const uri = pulumi.output('https://prometheus.bank.example');
  const metrics = new MetricSink({ place, uri, scrapedBy: Peer.namespace('monitoring') });
  const sinks = { logs: none('a'), metrics, traces: none('c'), backup: none('d') };
  const provider = new Provider('cluster', { context: 'dubai' });
  const mesh = ServiceMesh.istio();
  return { zone, site: new Site('dubai', { zone, place, images, ...sinks, mesh }, { provider }) };
}

function fraudOf({ zone, site }: ReturnType<typeof dubai>) {
  const artifact = new ModelArtifact({
    bucket: new ModelBucket({ place, uri: 'pvc://models' }),
    key: 'fraud/1/model.onnx',
    sha256: 'a'.repeat(64),
    sizeBytes: 1_000_000,
  });
  return new ModelEndpoint('fraud', {
    zone,
    versions: [new ModelVersion(1, artifact)],
    engine: ServingEngine.onnx(),
    sites: [site],
    standby: none('one site'),
    objective: { p99Latency: Duration.millis(50), availabilityPercent: 99 },
    traffic: { peakRequestsPerSecond: 200 },
  });
}

/** What ends the program after its synchronous run. */
async function endOf(program: () => Promise<unknown>): Promise<string> {
  const event = 'uncaughtException';
  const listeners = process.listeners(event);
  process.removeAllListeners(event);
  const ended = new Promise<Error>((resolve) => process.once(event, resolve));
  try {
    await program();
    return (await ended).message;
  } finally {
    process.removeAllListeners(event);
    for (const listener of listeners) process.on(event, listener);
  }
}

describe('rollouts of Pulumi', () => {
  it('are components that change their endpoint’s objects, and leave alone what Argo writes', async () => {
    const { registered } = await record(
      () => new CanaryRollout('canary', { endpoint: fraudOf(dubai()) }),
    );
    const find = (name: string) => registered.find((r) => r.name === `bank/dubai/fraud/${name}`);
    const rollout = find('rollout/rollout');
    assert.equal(rollout?.parent, 'canary');
    assert.equal(rollout.provider, 'cluster');
    assert(rollout.dependsOn.includes('bank/dubai/fraud/deployment'));
    const autoscaler = find('autoscaler');
    assert.deepEqual((autoscaler?.inputs.spec as { scaleTargetRef: unknown }).scaleTargetRef, {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      name: 'fraud',
    });
    assert(autoscaler?.dependsOn.includes('bank/dubai/fraud/rollout/rollout'));
    const routes = registered.filter(({ type }) => type.endsWith(':VirtualService'));
    assert(routes.every(({ parent }) => parent === 'fraud'));
    assert.deepEqual(
      routes.flatMap(({ ignoreChanges }) => ignoreChanges),
      ['spec.http'],
    );
  });

  it('are refused once the endpoint’s objects are registered', async () => {
    const { result } = await record(() => fraudOf(dubai()));
    const { message } = await recordRefusal(
      () => new BlueGreenRollout('late', { endpoint: result }),
    );
    assert.match(message, /BlueGreenRollout "late": endpoint: expected .*await.*MANARA_ARGS/);
  });

  it('end the program where they are refused after they changed the endpoint’s objects', async () => {
    const prometheus = { place: 'aws:eu-west-1', uri: 'https://prometheus.abroad.example' };
    let registered: readonly { readonly type: string }[] = [];
    const end = await endOf(async () => {
      ({ registered } = await record(() => {
        const args = { endpoint: fraudOf(dubai()), prometheus };
        assert.throws(() => new CanaryRollout('canary', args as never), /MANARA_RESIDENCY/);
        assert.equal(args.endpoint.construct.node.tryFindChild('canary'), undefined);
      }));
    });
    assert.match(end, /CanaryRollout "canary" was refused after .*"fraud"[^]*MANARA_ARGS/);
    assert(!registered.some(({ type }) => type.endsWith(':HorizontalPodAutoscaler')));
  });

  it('are refused without harm where nothing was changed yet', async () => {
    const { registered } = await record(() => {
      const endpoint = fraudOf(dubai());
      const steps = [{ weight: 0, duration: Duration.hours(1) }];
      assert.throws(() => new CanaryRollout('canary', { endpoint, steps }), /MANARA_ROLLOUT/);
    });
    assert(registered.some(({ type }) => type.endsWith(':HorizontalPodAutoscaler')));
  });
});

describe('Observability and InferenceGateway of Pulumi', () => {
  it('stand before and after the endpoints, with Outputs where they take text', async () => {
    const { registered } = await record(() => {
      const tree = dubai();
      const { site } = tree;
      const runbooks = pulumi.output('https://runbooks.bank.example');
      new Observability('watch', { site, collector: none('no traces'), runbooks });
      const endpoint = fraudOf(tree);
      const uri = pulumi.output('https://login.bank.example/keys');
      const issuer = 'https://login.bank.example';
      new InferenceGateway('api', {
        site,
        host: 'api.bank.example',
        tls: GatewayTls.secret('api'),
        issuers: [
          new TokenIssuer({ issuer, audiences: ['models'], publishedKeys: { uri, place } }),
        ],
        access: [{ endpoint, callers: Callers.withToken() }],
        limits: [{ endpoint, requestsPerSecond: 5 }],
        from: [Peer.addresses('10.0.0.0/16')],
        proxy: {
          name: 'istio/proxyv2',
          tag: '1.31.0',
          digest: pulumi.output(`sha256:${'b'.repeat(64)}`),
        },
      });
    });
    const text = (parent: string) =>
      JSON.stringify(registered.filter((r) => r.parent === parent).map(({ inputs }) => inputs));
    assert(text('watch').includes('https://runbooks.bank.example#'));
    assert(text('fraud').includes('https://runbooks.bank.example#'));
    assert(text('api').includes('"jwksUri":"https://login.bank.example/keys"'));
    assert(text('api').includes(`istio/proxyv2@sha256:${'b'.repeat(64)}`));
  });
});
