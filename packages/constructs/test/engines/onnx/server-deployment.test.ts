import assert from 'node:assert/strict';
import { path, routes, secondsToStop } from '@manara/contract';
import { App } from 'cdk8s';
import { ModelVersion, ServingEngine } from '../../../src';
import { refuses } from '../../support/errors';
import { newArtifact, newEndpoint, newSite, newZone } from '../../support/fixtures';
import { at, configText, documentOf, documents } from '../../support/manifests';

const selector = {
  'app.kubernetes.io/name': 'fraud',
  'app.kubernetes.io/component': 'model-server',
};
const labels = {
  ...selector,
  'app.kubernetes.io/part-of': 'bank',
  'app.kubernetes.io/managed-by': 'manara',
  'manara.dev/site': 'dubai',
  'manara.dev/role': 'primary',
};

describe('server deployment', () => {
  const app = new App();
  newEndpoint(newSite(newZone(app)));
  const deployment = documentOf(app, 'Deployment', 'fraud');
  const pod = at(deployment, 'spec', 'template', 'spec');
  const server = at(pod, 'containers', 0);
  const fetch = at(pod, 'initContainers', 0);

  it('labels every object alike', () => {
    for (const [kind, name] of [
      ['ServiceAccount', 'fraud'],
      ['Deployment', 'fraud'],
      ['Service', 'fraud'],
      ['HorizontalPodAutoscaler', 'fraud'],
      ['PodDisruptionBudget', 'fraud'],
      ['NetworkPolicy', 'fraud'],
    ] as const) {
      const metadata = documentOf(app, kind, name).metadata;
      assert.deepEqual(at(metadata, 'labels'), labels, kind);
      assert.equal(at(metadata, 'namespace'), 'bank', kind);
    }
  });

  it('selects its pods by labels that never change', () => {
    assert.deepEqual(at(deployment, 'spec', 'selector'), { matchLabels: selector });
    const service = documentOf(app, 'Service', 'fraud');
    assert.deepEqual(at(service, 'spec', 'selector'), selector);
    assert.deepEqual(at(service, 'spec', 'ports'), [
      { name: 'http', port: 8000 },
      { name: 'grpc', port: 8001 },
      { name: 'metrics', port: 8002 },
    ]);
  });

  it('leaves the number of replicas to the autoscaler', () => {
    assert.equal(at(deployment, 'spec', 'replicas'), undefined);
  });

  it('meets Pod Security "restricted" in both containers, on a read-only root', () => {
    const restricted = {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsGroup: 65532,
      runAsNonRoot: true,
      runAsUser: 65532,
      seccompProfile: { type: 'RuntimeDefault' },
    };
    assert.deepEqual(at(server, 'securityContext'), restricted);
    assert.deepEqual(at(fetch, 'securityContext'), restricted);
    assert.deepEqual(at(pod, 'securityContext'), {
      fsGroup: 65532,
      fsGroupChangePolicy: 'Always',
      runAsGroup: 65532,
      runAsNonRoot: true,
      runAsUser: 65532,
    });
  });

  it('has an identity of its own, without a token', () => {
    assert.equal(at(pod, 'serviceAccountName'), 'fraud');
    assert.equal(at(pod, 'automountServiceAccountToken'), false);
    const account = documentOf(app, 'ServiceAccount', 'fraud');
    assert.equal(account.automountServiceAccountToken, false);
  });

  it('is probed on the contract’s routes', () => {
    const httpGet = (route: string) => ({ path: route, port: 8000, scheme: 'HTTP' });
    assert.deepEqual(at(server, 'startupProbe'), {
      failureThreshold: 7,
      httpGet: httpGet(path(routes.serverReady)),
      periodSeconds: 5,
      timeoutSeconds: 5,
    });
    assert.deepEqual(at(server, 'readinessProbe'), {
      failureThreshold: 2,
      httpGet: httpGet(path(routes.serverReady)),
      periodSeconds: 5,
      timeoutSeconds: 5,
    });
    assert.deepEqual(at(server, 'livenessProbe'), {
      failureThreshold: 3,
      httpGet: httpGet(path(routes.serverLive)),
      periodSeconds: 10,
      timeoutSeconds: 5,
    });
  });

  it('is given longer than its drain and every last step before it is killed', () => {
    const config = JSON.parse(configText(deployment)) as {
      readonly drainDelaySeconds: number;
      readonly drainTimeoutSeconds: number;
    };
    const grace = Number(at(pod, 'terminationGracePeriodSeconds'));
    assert(grace > secondsToStop(config.drainDelaySeconds, config.drainTimeoutSeconds));
  });

  it('has a new pod ready before an old one goes', () => {
    assert.deepEqual(at(deployment, 'spec', 'strategy'), {
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
    });
  });

  it('is spread over zones and then nodes, as far as it goes', () => {
    const over = (topologyKey: string) => ({
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: 'ScheduleAnyway',
      matchLabelKeys: ['pod-template-hash', 'rollouts-pod-template-hash'],
      labelSelector: { matchLabels: selector },
    });
    assert.deepEqual(at(pod, 'topologySpreadConstraints'), [
      over('topology.kubernetes.io/zone'),
      over('kubernetes.io/hostname'),
    ]);
  });

  it('asks for what the planner says, the weights’ disk included', () => {
    const resources = {
      limits: { cpu: '2000m', 'ephemeral-storage': '1Gi', memory: '1024Mi' },
      requests: { cpu: '100m', 'ephemeral-storage': '1Gi', memory: '1024Mi' },
    };
    assert.deepEqual(at(server, 'resources'), resources);
    assert.deepEqual(at(fetch, 'resources'), resources);
  });

  it('writes to its temporary folder only; the init container to the weights too', () => {
    const mounts = (container: unknown) =>
      (at(container, 'volumeMounts') as { mountPath: string; readOnly?: boolean }[]).map(
        ({ mountPath, readOnly }) => [mountPath, readOnly ?? false],
      );
    assert.deepEqual(mounts(server), [
      ['/etc/manara', true],
      ['/tmp', false],
      ['/models', true],
    ]);
    assert.deepEqual(mounts(fetch), [
      ['/etc/manara', true],
      ['/tmp', false],
      ['/models', false],
      ['/mnt/claims/model-store', true],
    ]);
  });

  it('runs the server, and before it the same image in fetch mode', () => {
    assert.equal(at(server, 'name'), 'server');
    assert.deepEqual(at(server, 'args'), ['--config', '/etc/manara/config.json']);
    assert.equal(at(fetch, 'name'), 'fetch-models');
    assert.deepEqual(at(fetch, 'args'), [
      'fetch',
      '--config',
      '/etc/manara/config.json',
      '--model-repository',
      '/models',
    ]);
    for (const container of [server, fetch]) {
      assert.equal(at(container, 'image'), 'registry.bank.example/serving/manara-server:0.1.0');
      assert.equal(at(container, 'imagePullPolicy'), 'IfNotPresent');
    }
  });

  it('gives each generation of pods its own configuration, as a file of their template', () => {
    const volumes = at(pod, 'volumes') as readonly { readonly name: string }[];
    assert.deepEqual(
      volumes.find(({ name }) => name === 'config'),
      {
        name: 'config',
        downwardAPI: {
          items: [
            {
              path: 'config.json',
              fieldRef: {
                apiVersion: 'v1',
                fieldPath: "metadata.annotations['manara.dev/config']",
              },
            },
          ],
        },
      },
    );
    for (const container of [server, fetch]) {
      assert.deepEqual(at(container, 'volumeMounts', 0), {
        name: 'config',
        mountPath: '/etc/manara',
        readOnly: true,
      });
    }
    assert(!documents(app).some(({ kind }) => kind === 'ConfigMap'));
  });

  it('gives a large model the disk and the time that it needs', () => {
    const large = new App();
    newEndpoint(newSite(newZone(large)), {
      versions: [new ModelVersion(1, newArtifact({ sizeBytes: 2_000_000_000 }))],
    });
    const spec = at(documentOf(large, 'Deployment', 'fraud'), 'spec', 'template', 'spec');
    const volumes = at(spec, 'volumes') as { name: string; emptyDir?: { sizeLimit: string } }[];
    // Twice 1,908 MiB and 16 to spare.
    assert.equal(volumes.find((v) => v.name === 'models')?.emptyDir?.sizeLimit, '3831Mi');
    const threshold = Number(at(spec, 'containers', 0, 'startupProbe', 'failureThreshold'));
    assert(threshold * 5 >= 120, `${threshold * 5} s`);
  });
});

describe('server image', () => {
  const digest = `sha256:${'b'.repeat(64)}`;

  it('is named by digest where one is known', () => {
    const app = new App();
    newEndpoint(newSite(newZone(app)), { engine: ServingEngine.onnx({ imageDigest: digest }) });
    const pod = at(documentOf(app, 'Deployment', 'fraud'), 'spec', 'template', 'spec');
    for (const list of ['containers', 'initContainers']) {
      assert.equal(
        at(pod, list, 0, 'image'),
        `registry.bank.example/serving/manara-server@${digest}`,
      );
    }
  });

  for (const imageDigest of ['', 'b'.repeat(64), 'sha256:abc', 'v0.1.0']) {
    it(`cannot have the digest "${imageDigest}"`, () => {
      refuses(
        () => ServingEngine.onnx({ imageDigest }),
        'MANARA_ENGINE',
        'imageDigest: expected sha256:',
        `received "${imageDigest}"`,
      );
    });
  }
});
