import assert from 'node:assert/strict';
import { Peer, TraceSink } from '../../../src';
import { deployment, findsIn, ours, pod } from '../../support/finds';

describe('pods', () => {
  it('is not taken in by a registry whose name starts like the site’s', () => {
    assert.equal(findsIn(deployment({ image: 'registry.bank.example/serving2/a:1' })).length, 1);
    assert.equal(findsIn(deployment({ image: ours })).length, 0);
  });

  for (const [apiVersion, kind, spec] of [
    ['batch/v1', 'CronJob', { jobTemplate: { spec: pod({ containers: [{ image: 'busybox' }] }) } }],
    [
      'batch/v1',
      'Job',
      pod({ containers: [{ image: ours }], initContainers: [{ image: 'busybox' }] }),
    ],
    ['v1', 'Pod', { containers: [{ image: ours }], ephemeralContainers: [{ image: 'busybox' }] }],
    ['apps/v1', 'StatefulSet', pod({ containers: [{ image: 'busybox' }] })],
  ] as const) {
    it(`finds an image in a ${kind}`, () => {
      assert.deepEqual(
        findsIn({ apiVersion, kind, spec }).map((f) => f.evidence),
        [
          `${kind} "plain" runs image "busybox", which is not from the site's registry "registry.bank.example/serving"`,
        ],
      );
    });
  }

  it('refuses the network of the node', () => {
    const manifest = deployment({});
    const spec = pod({ ...manifest.spec.template.spec, hostNetwork: true });
    assert.deepEqual(
      findsIn({ ...manifest, spec }).map((f) => [f.kind, f.evidence, f.fix]),
      [
        [
          'egress',
          'Deployment "plain" uses its node\'s network, where no NetworkPolicy holds it',
          'remove hostNetwork',
        ],
      ],
    );
  });

  for (const [source, expected] of [
    ['hostPath', 1],
    ['nfs', 1],
    ['csi', 1],
    ['image', 1],
    ['emptyDir', 0],
    ['persistentVolumeClaim', 0],
    ['projected', 0],
  ] as const) {
    it(`${expected === 1 ? 'refuses' : 'accepts'} a volume of source ${source}`, () => {
      const manifest = deployment({});
      const volumes = [{ name: 'data', [source]: {} }];
      const spec = pod({ ...manifest.spec.template.spec, volumes });
      assert.deepEqual(
        findsIn({ ...manifest, spec }).map((f) => f.evidence),
        [
          `Deployment "plain" mounts volume "data" of source "${source}", which may lie outside of the site`,
        ].slice(0, expected),
      );
    });
  }

  it('accepts the folder of sockets where device plugins speak to the kubelet, and no other', () => {
    const manifest = deployment({});
    const found = (path: string) => {
      const volumes = [{ name: 'data', hostPath: { path } }];
      return findsIn({
        ...manifest,
        spec: pod({ ...manifest.spec.template.spec, volumes }),
      }).length;
    };
    assert.equal(found('/var/lib/kubelet/device-plugins'), 0);
    assert.equal(found('/var/lib/kubelet'), 1);
    assert.equal(found('/var/lib/kubelet/device-plugins/..'), 1);
  });

  for (const [name, kind] of [
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'trace'],
    ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'trace'],
    ['OTEL_EXPORTER_OTLP_METRICS_ENDPOINT', 'metric'],
    ['OTEL_EXPORTER_OTLP_LOGS_ENDPOINT', 'log'],
  ] as const) {
    it(`takes ${name} for a ${kind} flow`, () => {
      const env = [
        { name: 'HOME', value: '/' },
        { name, value: 'https://otlp.vendor.example' },
      ];
      assert.deepEqual(
        findsIn(deployment({ env })).map((f) => [f.kind, f.evidence]),
        [
          [
            kind,
            `Deployment "plain" sets ${name} to "https://otlp.vendor.example", which no sink of the zone declares`,
          ],
        ],
      );
    });
  }

  it('accepts the collector that the site declares', () => {
    const uri = 'https://otel.bank.example';
    const peer = Peer.namespace('monitoring');
    const traces = new TraceSink({ place: 'aws:me-central-1', uri, peer });
    const env = [{ name: 'OTEL_EXPORTER_OTLP_ENDPOINT', value: uri }];
    assert.deepEqual(findsIn(deployment({ env }), { traces }), []);
  });
});
