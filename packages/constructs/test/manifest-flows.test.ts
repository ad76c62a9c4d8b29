import assert from 'node:assert/strict';
import { DataClass, Jurisdiction, type UndeclaredFlow } from '@manara/residency';
import { ApiObject, App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import {
  dataFlows,
  type DeclaresFlows,
  LogSink,
  ModelVersion,
  Peer,
  ResidencyZone,
  type SiteProps,
  TraceSink,
} from '../src';
import { undeclaredFlows, undeclaredOutsideSites } from '../src/manifest-flows';
import {
  bucket,
  newArtifact,
  newEndpoint,
  newSite,
  newZone,
  type UaePlace,
} from './support/fixtures';

/** What is found in one object beside an endpoint that reads `s3://bank-models` at 10.20.0.0/24. */
function findsIn(
  manifest: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly [field: string]: unknown;
  },
  props: Partial<SiteProps<UaePlace>> = {},
): readonly UndeclaredFlow[] {
  const site = newSite(newZone(new App()), 'dubai', props);
  const endpoint = newEndpoint(site, {
    versions: [new ModelVersion(1, newArtifact({ bucket }))],
  });
  new ApiObject(site, 'plain', { metadata: { name: 'plain' }, ...manifest });
  return undeclaredFlows(site, endpoint[dataFlows]());
}

const ours = 'registry.bank.example/serving/app:1';
const pod = (containers: object) => ({ template: { spec: containers } });
const deployment = (container: object) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  spec: pod({ containers: [{ name: 'app', image: ours, ...container }] }),
});
const policy = (egress: readonly object[]) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  spec: { podSelector: {}, policyTypes: ['Egress'], egress },
});

describe('undeclaredFlows', () => {
  it('finds nothing in what Manara itself makes', () => {
    const traces = new TraceSink({
      place: 'aws:me-central-1',
      uri: 'https://otel.bank.example',
      peer: Peer.addresses('10.30.0.0/28'),
    });
    const dns = Peer.addresses('169.254.20.10/32');
    assert.deepEqual(findsIn({ apiVersion: 'v1', kind: 'ConfigMap' }, { traces, dns }), []);
  });

  it('names object, image, registry and fix', () => {
    assert.deepEqual(findsIn(deployment({ image: 'docker.io/library/nginx:1.29' })), [
      {
        status: 'undeclared',
        kind: 'image',
        owner: 'bank/dubai/plain',
        dataClasses: newZone().data,
        at: 'aws:me-central-1',
        evidence:
          'Deployment "plain" runs image "docker.io/library/nginx:1.29", which is not from the site\'s registry "registry.bank.example/serving"',
        fix: "mirror the image into the site's registry and name it there",
      },
    ]);
  });

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

  for (const [apiVersion, kind] of [
    ['serving.kserve.io/v1beta1', 'InferenceService'],
    ['networking.istio.io/v1', 'ServiceEntry'],
    ['networking.k8s.io/v1', 'Ingress'],
    ['cilium.io/v2', 'NetworkPolicy'],
    ['apps.vendor.example/v1', 'Deployment'],
    ['v1', 'List'],
    ['v1', 'PersistentVolume'],
  ] as const) {
    it(`refuses ${kind} of ${apiVersion}, which nothing is known of`, () => {
      assert.deepEqual(
        findsIn({ apiVersion, kind }).map((f) => [f.kind, f.evidence, f.fix]),
        [
          [
            'egress',
            `${kind} "plain" is of ${apiVersion}, a kind that may open a way out of the zone`,
            'make it a child of a construct that declares its flows, or remove it',
          ],
        ],
      );
    });
  }

  it('finds an image in a kind that nothing is known of, too', () => {
    const spec = { predictor: { containers: [{ image: 'busybox' }] } };
    assert.deepEqual(
      findsIn({ apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', spec }).map(
        (f) => f.kind,
      ),
      ['egress', 'image'],
    );
  });

  it('leaves a kind to a construct that declares its flows, and still reads what it holds', () => {
    const site = newSite(newZone(new App()));
    class Gateway extends Construct implements DeclaresFlows {
      [dataFlows]() {
        return [];
      }
    }
    const gateway = new Gateway(site, 'gateway');
    const of = (host: string) => ({
      apiVersion: 'networking.istio.io/v1',
      kind: 'ServiceEntry',
      metadata: { name: 'entry' },
      spec: { hosts: [host] },
    });
    new ApiObject(gateway, 'own', of('scores.bank.example'));
    assert.deepEqual(undeclaredFlows(site, []), []);
    new ApiObject(gateway, 'foreign', of('api.datadoghq.com'));
    assert.deepEqual(
      undeclaredFlows(site, []).map((f) => f.evidence),
      ['ServiceEntry "entry" names api.datadoghq.com (Datadog), which no flow declares'],
    );
  });

  for (const kind of ['ConfigMap', 'Endpoints', 'PersistentVolumeClaim', 'Secret', 'Service']) {
    it(`lets an empty ${kind} pass`, () => {
      assert.deepEqual(findsIn({ apiVersion: 'v1', kind }), []);
    });
  }

  it('refuses an object in a namespace that is not the site’s', () => {
    const metadata = { name: 'plain', namespace: 'open' };
    assert.deepEqual(
      findsIn({ ...policy([]), metadata }).map((f) => [f.kind, f.evidence, f.fix]),
      [
        [
          'egress',
          'NetworkPolicy "plain" lies in namespace "open", not in the site\'s "bank"',
          'leave metadata.namespace out, in a chart of the site; its own is "bank"',
        ],
      ],
    );
  });

  it('refuses an object in a chart below the site that has no namespace', () => {
    const site = newSite(newZone(new App()));
    const chart = new Chart(site, 'more');
    new ApiObject(chart, 'plain', { apiVersion: 'v1', kind: 'ConfigMap' });
    new ApiObject(chart, 'wide', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
    });
    assert.deepEqual(
      undeclaredFlows(site, []).map((f) => [f.owner, /lies in .*/.exec(f.evidence)?.[0]]),
      [['bank/dubai/more/plain', 'lies in no namespace, not in the site\'s "bank"']],
    );
  });

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

  const names = (host: string, whose: string) => `names ${host} (${whose}), which no flow declares`;
  for (const [what, container, evidence] of [
    [
      'DD_SITE',
      { env: [{ name: 'DD_SITE', value: 'datadoghq.com' }] },
      names('datadoghq.com', 'Datadog'),
    ],
    [
      'HF_ENDPOINT',
      { env: [{ name: 'HF_ENDPOINT', value: 'https://huggingface.co' }] },
      names('huggingface.co', 'Hugging Face'),
    ],
    [
      'an argument',
      { args: ['--remote-write=https://APS.eu-west-1.amazonaws.com/api'] },
      names('aps.eu-west-1.amazonaws.com', 'in aws:eu-west-1'),
    ],
    [
      'a probe',
      { livenessProbe: { httpGet: { host: 'quay.io' } } },
      names('quay.io', 'Red Hat Quay.io'),
    ],
    ['a region of the zone', { args: ['sts.me-central-1.amazonaws.com'] }, undefined],
    ['a host that nothing is known of', { args: ['https://login.bank.example'] }, undefined],
    ['the cluster', { args: ['http://redis.cache.svc.cluster.local', 'localhost:1'] }, undefined],
    [
      'a host that only ends like a known one',
      { args: ['notdatadoghq.com', 'docker.io.bank.ae'] },
      undefined,
    ],
  ] as const) {
    it(`reads ${what}`, () => {
      assert.deepEqual(
        findsIn(deployment(container)).map((f) => f.evidence),
        evidence === undefined ? [] : [`Deployment "plain" ${evidence}`],
      );
    });
  }

  it('reads configuration files, but not their comments, and no annotations', () => {
    const metadata = { name: 'plain', annotations: { docs: 'https://docs.datadoghq.com' } };
    const config = (text: string) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      data: { 'agent.yaml': text },
    });
    const schema = '{"$schema": "https://json-schema.org/draft/2020-12/schema"}';
    assert.deepEqual(findsIn(config(schema)), []);
    assert.deepEqual(findsIn(config('# see https://docs.datadoghq.com\nsite: bank\n')), []);
    assert.deepEqual(
      findsIn(config('site: us5.datadoghq.com\nother: us5.datadoghq.com')).map((f) => f.evidence),
      [`ConfigMap "plain" ${names('us5.datadoghq.com', 'Datadog')}`],
    );
  });

  it('reads what a Secret holds in base64, and in plain text', () => {
    const secret = (fields: object) => ({ apiVersion: 'v1', kind: 'Secret', ...fields });
    const url = 'https://app.launchdarkly.com';
    for (const fields of [
      { data: { url: Buffer.from(url).toString('base64') } },
      { stringData: { url } },
    ]) {
      assert.deepEqual(
        findsIn(secret(fields)).map((f) => f.evidence),
        [`Secret "plain" ${names('app.launchdarkly.com', 'LaunchDarkly')}`],
      );
    }
  });

  it('accepts a host whose operator a flow declares', () => {
    const logs = new LogSink({
      place: 'aws:me-central-1',
      uri: 'https://http-intake.logs.datadoghq.eu',
    });
    const env = [{ name: 'DD_SITE', value: 'datadoghq.eu' }];
    assert.deepEqual(findsIn(deployment({ env }), { logs }), []);
    assert.equal(
      findsIn(deployment({ env: [{ name: 'DD_SITE', value: 'datadoghq.com' }] }), { logs }).length,
      1,
    );
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

  it('finds weights from a bucket that nobody declared, in arguments, variables and storageUri', () => {
    const container = {
      args: ['--model-repository=s3://other/models', '--also', 's3://bank-models/x'],
      env: [{ name: 'MODEL', value: 'hf://org/model' }],
    };
    const evidence = (object: string, uri: string) =>
      `${object} "plain" reads "${uri}", which no ModelBucket of the zone declares`;
    assert.deepEqual(
      findsIn(deployment(container)).map((f) => [f.kind, f.evidence]),
      [
        ['artifact', evidence('Deployment', 's3://other/models')],
        ['artifact', evidence('Deployment', 'hf://org/model')],
      ],
    );
    const spec = { predictor: { model: { storageUri: 'gs://kfserving/iris' } } };
    assert.deepEqual(
      findsIn({ apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', spec }).map(
        (f) => f.evidence,
      ),
      [
        'InferenceService "plain" is of serving.kserve.io/v1beta1, a kind that may open a way out of the zone',
        evidence('InferenceService', 'gs://kfserving/iris'),
      ],
    );
  });

  it('accepts another object of a bucket that is declared', () => {
    assert.deepEqual(findsIn(deployment({ args: ['s3://bank-models/fraud/2/model.onnx'] })), []);
    assert.equal(findsIn(deployment({ args: ['s3://bank-models-eu/fraud'] })).length, 1);
  });

  for (const [what, egress, evidence] of [
    ['a rule without destinations', [{}], ['lets pods connect to any address']],
    ['a rule for a port alone', [{ ports: [{ port: 443 }] }], ['lets pods connect to any address']],
    [
      'the whole internet',
      [{ to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] } }] }],
      ['lets pods connect to 0.0.0.0/0, which no declared flow explains'],
    ],
    [
      'an address beside one that is declared',
      [{ to: [{ ipBlock: { cidr: '10.20.0.0/24' } }, { ipBlock: { cidr: '10.99.0.0/24' } }] }],
      ['lets pods connect to 10.99.0.0/24, which no declared flow explains'],
    ],
    ['an empty list of destinations', [{ to: [] }], ['lets pods connect to any address']],
    [
      'every namespace',
      [{ to: [{ namespaceSelector: {} }] }, { to: [{ namespaceSelector: {}, podSelector: {} }] }],
      ['lets pods connect to every pod of the cluster'],
    ],
    [
      'labelled pods of the cluster',
      [
        {
          to: [{ namespaceSelector: {}, podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }],
        },
      ],
      [],
    ],
    ['pods of its own namespace', [{ to: [{ podSelector: {} }] }], []],
    ['no way out', [], []],
  ] as const) {
    it(`judges a NetworkPolicy with ${what}`, () => {
      assert.deepEqual(
        findsIn(policy(egress)).map((f) => [f.kind, f.evidence]),
        evidence.map((text) => ['egress', `NetworkPolicy "plain" ${text}`]),
      );
    });
  }

  it('finds a Service that leads out of the cluster, unless a flow declares the host', () => {
    const service = (externalName: string) => ({
      apiVersion: 'v1',
      kind: 'Service',
      spec: { type: 'ExternalName', externalName },
    });
    assert.deepEqual(
      findsIn(service('api.vendor.example')).map((f) => [f.kind, f.evidence, f.fix]),
      [
        [
          'egress',
          'Service "plain" leads to "api.vendor.example", which no flow declares',
          'remove it, or declare the sink or bucket that is reached there',
        ],
      ],
    );
    const traces = new TraceSink({
      place: 'aws:me-central-1',
      uri: 'https://otel.bank.example:4318',
      peer: Peer.addresses('10.30.0.0/28'),
    });
    assert.deepEqual(findsIn(service('otel.bank.example'), { traces }), []);
  });

  it('refuses a Service with a load balancer, or with addresses of its own', () => {
    const service = (spec: object) => ({ apiVersion: 'v1', kind: 'Service', spec });
    assert.deepEqual(
      findsIn(service({ type: 'LoadBalancer' })).map((f) => [f.kind, f.evidence, f.fix]),
      [
        [
          'egress',
          'Service "plain" asks for a load balancer, whose place no flow declares',
          'use type ClusterIP, and let callers in from where the site is',
        ],
      ],
    );
    assert.deepEqual(
      findsIn(service({ externalIPs: ['52.1.2.3', '10.20.0.9'] })).map((f) => f.evidence),
      ['Service "plain" answers for 52.1.2.3, which no declared flow explains'],
    );
    assert.deepEqual(findsIn(service({ type: 'ClusterIP' })), []);
  });

  it('refuses addresses behind a Service that no flow declares', () => {
    const slice = (...addresses: readonly string[]) => ({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      endpoints: [{ addresses }],
    });
    assert.deepEqual(findsIn(slice('10.20.0.7')), []);
    assert.deepEqual(
      findsIn(slice('10.20.1.7', 'api.vendor.example')).map((f) => f.evidence),
      [
        'EndpointSlice "plain" leads to 10.20.1.7, which no declared flow explains',
        'EndpointSlice "plain" leads to api.vendor.example, which no declared flow explains',
      ],
    );
    const subsets = [{ addresses: [{ ip: '10.20.0.7' }, { ip: '8.8.8.8' }] }];
    assert.deepEqual(
      findsIn({ apiVersion: 'v1', kind: 'Endpoints', subsets }).map((f) => f.evidence),
      ['Endpoints "plain" leads to 8.8.8.8, which no declared flow explains'],
    );
  });
});

describe('undeclaredOutsideSites', () => {
  const dd = { name: 'DD_SITE', value: 'datadoghq.com' };
  const workload = deployment({ env: [dd] });

  it('lets objects that move nothing pass', () => {
    const app = new App();
    const zone = newZone(app);
    newSite(zone);
    const chart = new Chart(app, 'shared');
    for (const kind of ['Namespace', 'ConfigMap', 'ServiceAccount']) {
      new ApiObject(chart, kind.toLowerCase(), { apiVersion: 'v1', kind });
    }
    assert.deepEqual(undeclaredOutsideSites(zone), []);
  });

  for (const [where, chartOf] of [
    ['beside the zone', (_: ResidencyZone, app: App) => new Chart(app, 'shared')],
    ['in the zone', (zone: ResidencyZone) => new Chart(zone, 'shared')],
  ] as const) {
    it(`finds a workload in a chart ${where}`, () => {
      const app = new App();
      const zone = newZone(app);
      newSite(zone);
      const object = new ApiObject(chartOf(zone, app), 'agent', {
        ...workload,
        metadata: { name: 'agent' },
      });
      assert.deepEqual(undeclaredOutsideSites(zone), [
        ...[
          [
            `runs image "${ours}" outside of every Site`,
            'put it into a Site of the zone, or into an App of its own',
          ],
          [
            'names datadoghq.com (Datadog), which no flow declares',
            'remove it, or declare the sink or bucket that is reached there',
          ],
        ].map(([evidence, fix]) => ({
          status: 'undeclared',
          kind: 'egress',
          owner: object.node.path,
          dataClasses: zone.data,
          evidence: `Deployment "agent" ${evidence}`,
          fix,
        })),
      ]);
    });
  }

  it('finds a way out of a site’s namespace that a chart beside it opens', () => {
    const app = new App();
    const zone = newZone(app);
    newSite(zone);
    new ApiObject(new Chart(app, 'shared', { namespace: 'bank' }), 'open', {
      ...policy([{}]),
      metadata: { name: 'open' },
    });
    assert.deepEqual(
      undeclaredOutsideSites(zone).map((f) => f.evidence),
      ['NetworkPolicy "open" lets pods connect to any address'],
    );
  });

  it('gives what lies in no zone to the first, and leaves a zone’s own to it', () => {
    const app = new App();
    const first = newZone(app);
    const second = new ResidencyZone(app, 'clinic', {
      jurisdiction: Jurisdiction.AE_ONSHORE,
      places: ['aws:me-central-1'],
      data: [DataClass.HEALTH],
    });
    new ApiObject(new Chart(app, 'shared'), 'agent', workload);
    new ApiObject(new Chart(second, 'own'), 'agent', workload);
    const owners = (flows: readonly UndeclaredFlow[]) => [...new Set(flows.map((f) => f.owner))];
    assert.deepEqual(owners(undeclaredOutsideSites(first)), ['shared/agent']);
    assert.deepEqual(owners(undeclaredOutsideSites(second)), ['clinic/own/agent']);
  });
});
