import assert from 'node:assert/strict';
import { auditTree } from '@manara/constructs';
import { EfaDevicePlugin, type EksServingCluster, ImageRegistry } from '../src';
import { account, home, lazily, record, type UaePlace } from './support/fixtures';
import { refuses } from './support/refusals';
import { base, type Base, cluster } from './support/stack';

const image = { name: 'aws-efa-k8s-device-plugin', tag: 'v0.5.20' };
const registryHost = `${account}.dkr.ecr.me-central-1.amazonaws.com`;

function registry(on: Base): ImageRegistry<UaePlace> {
  return new ImageRegistry('images', { ...on, repositories: ['manara-server', image.name] });
}

/** @param args of any shape, so that tests can pass what the compiler would refuse */
function plugin(on: Base, args: object = {}, of?: EksServingCluster<UaePlace>) {
  const usual = { cluster: of ?? cluster(on), images: registry(on), image };
  return new EfaDevicePlugin('efa', { ...usual, ...args });
}

const usual = lazily(() => record(() => plugin(base())));

interface Plugin {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly {
          readonly image: string;
          readonly securityContext: object;
        }[];
      };
    };
  };
}

/** The container of the plugin that is made with some arguments. */
async function containerWith(args: object) {
  const { registered } = await record(() => plugin(base(), args));
  const found = registered.find(({ parent }) => parent === 'efa');
  return (found?.inputs as Plugin | undefined)?.spec.template.spec.containers[0];
}

describe('EfaDevicePlugin', () => {
  it('runs on every node with EFA, and with no right that it does not need', async () => {
    const { registered } = await usual();
    const labels = {
      'app.kubernetes.io/name': 'efa-device-plugin',
      'app.kubernetes.io/instance': 'efa',
    };
    const all = {
      ...labels,
      'app.kubernetes.io/part-of': 'bank',
      'app.kubernetes.io/managed-by': 'manara',
    };
    assert.deepEqual(
      registered
        .filter(({ parent }) => parent === 'efa')
        .map(({ type, name, provider, inputs }) => ({ type, name, provider, inputs })),
      [
        {
          type: 'kubernetes:apps/v1:DaemonSet',
          name: 'efa',
          provider: 'dubai',
          inputs: {
            apiVersion: 'apps/v1',
            kind: 'DaemonSet',
            metadata: { name: 'efa', namespace: 'kube-system', labels: all },
            spec: {
              selector: { matchLabels: labels },
              template: {
                metadata: { labels: all },
                spec: {
                  nodeSelector: { 'manara.dev/efa': 'present' },
                  tolerations: [{ operator: 'Exists' }],
                  priorityClassName: 'system-node-critical',
                  automountServiceAccountToken: false,
                  hostNetwork: true,
                  containers: [
                    {
                      name: 'efa-device-plugin',
                      image: `${registryHost}/images/aws-efa-k8s-device-plugin:v0.5.20`,
                      resources: {
                        requests: { cpu: '10m', memory: '20Mi' },
                        limits: { cpu: '100m', memory: '128Mi' },
                      },
                      securityContext: {
                        runAsUser: 0,
                        privileged: false,
                        allowPrivilegeEscalation: false,
                        capabilities: { drop: ['ALL'] },
                      },
                      volumeMounts: [
                        { name: 'kubelet', mountPath: '/var/lib/kubelet/device-plugins' },
                        { name: 'devices', mountPath: '/dev/infiniband' },
                      ],
                    },
                  ],
                  volumes: [
                    {
                      name: 'kubelet',
                      hostPath: { path: '/var/lib/kubelet/device-plugins', type: 'Directory' },
                    },
                    { name: 'devices', hostPath: { path: '/dev/infiniband', type: 'Directory' } },
                  ],
                },
              },
            },
          },
        },
      ],
    );
  });

  it('is named by its digest where that is known', async () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const container = await containerWith({ image: { ...image, digest } });
    assert.equal(container?.image, `${registryHost}/images/${image.name}@${digest}`);
  });

  it('has all rights on the node where they are asked for', async () => {
    const container = await containerWith({ privileged: true });
    assert.deepEqual(container?.securityContext, { runAsUser: 0, privileged: true });
  });

  it('stands where its cluster does, and declares where its image comes from', async () => {
    const { result } = await usual();
    assert.equal(result.place, home);
    const [flow, ...others] = auditTree(result.zone)
      .flatMap(({ flows }) => flows)
      .filter(({ owner }) => owner === 'bank/aws:EfaDevicePlugin:efa');
    assert.deepEqual(others, []);
    assert(flow?.status === 'declared');
    const { uri, ...from } = flow.from;
    assert.match(uri ?? '', /^https:\/\/\$\{late:images\.prefix(~\d+)?\}$/);
    assert.deepEqual(
      { ...flow, from },
      {
        status: 'declared',
        kind: 'image',
        owner: 'bank/aws:EfaDevicePlugin:efa',
        dataClasses: [],
        from: { name: 'image registry images', place: home },
        to: { name: 'nodes of cluster dubai', place: home },
        encryption: 'tls',
      },
    );
  });

  it('violates nothing in the zone that it stands in', async () => {
    const { result } = await usual();
    assert.deepEqual(
      auditTree(result.zone).flatMap(({ violations }) => violations),
      [],
    );
  });

  const at = 'manara:aws:EfaDevicePlugin "efa":';
  refuses('efa', [
    [
      'an image that no repository is for',
      (on) => plugin(on, { image: { ...image, name: 'efa' } }),
      `${at} image.name: expected a repository of ImageRegistry "images": manara-server, aws-efa-k8s-device-plugin; received "efa" (MANARA_ARGS)`,
    ],
    [
      'a tag that is none',
      (on) => plugin(on, { image: { ...image, tag: 'v0.5.20 ' } }),
      `${at} image.tag: expected the tag of an image, such as v0.5.20; received "v0.5.20 " (MANARA_ARGS)`,
    ],
    [
      'a digest that is cut off',
      (on) => plugin(on, { image: { ...image, digest: 'sha256:abc' } }),
      `${at} image.digest: expected sha256: and 64 lower-case hexadecimal digits; received "sha256:abc" (MANARA_ARGS)`,
    ],
    [
      'a registry of another zone',
      (on) => plugin(on, { images: registry(base()) }),
      `${at} images: expected one of zone "bank" at aws:me-central-1; received one of another zone, "bank", at aws:me-central-1 (MANARA_PLACE)`,
    ],
    [
      'what is no registry of AWS',
      (on) => plugin(on, { images: {} }),
      `${at} images: expected an ImageRegistry of @manara/aws; received an object (MANARA_ARGS)`,
    ],
    [
      'a name that another has in the zone',
      (on) => {
        const of = cluster(on);
        const images = registry(on);
        new EfaDevicePlugin('first', { cluster: of, images, image });
        new EfaDevicePlugin('first', { cluster: of, images, image });
      },
      'manara:aws:EfaDevicePlugin "first": expected a name that no other has in zone "bank" (MANARA_NAME)',
    ],
  ]);
});
