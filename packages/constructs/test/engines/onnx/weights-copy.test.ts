import assert from 'node:assert/strict';
import { App, Duration } from 'cdk8s';
import {
  auditTree,
  type CopyAccess,
  manifestFiles,
  ModelBucket,
  ModelVersion,
  Peer,
} from '../../../src';
import { refuses } from '../../support/errors';
import {
  newArtifact,
  newEndpoint,
  newSite,
  newZone,
  sha256,
  type UaePlace,
} from '../../support/fixtures';
import { at, documentOf, documents } from '../../support/manifests';

const original = new ModelBucket({
  place: 'aws:me-central-1',
  uri: 's3://bank-models',
  peer: Peer.addresses('10.20.0.0/24'),
  readerAnnotations: { 'example.com/reader': 'models' },
});

const copyOf = (from: ModelBucket<UaePlace>, access?: CopyAccess) =>
  new ModelBucket<UaePlace>({
    place: 'azure:uaenorth',
    uri: 'pvc://model-store/bank',
    copy: { from, every: Duration.minutes(10), ...(access === undefined ? {} : { access }) },
  });

/** Endpoint `scores` in Dubai with a standby in the north, whose weights are `fraud` in the bucket. */
function newTree(access?: CopyAccess): App {
  const app = new App();
  const zone = newZone(app);
  const copies = [copyOf(original, access)];
  const artifact = (version: number) =>
    newArtifact({ bucket: original, copies, key: `fraud/${version}/model.onnx` });
  newEndpoint(
    newSite(zone),
    {
      versions: [new ModelVersion(1, artifact(7)), new ModelVersion(2, artifact(8))],
      standby: newSite(zone, 'north', { place: 'azure:uaenorth' }),
    },
    'scores',
  );
  return app;
}

const jobOf = (app: App) => documentOf(app, 'CronJob', 'scores-weights', 'north');
const podOf = (app: App) => at(jobOf(app), 'spec', 'jobTemplate', 'spec', 'template', 'spec');

describe('weights copy', () => {
  it('runs where the copy is, and nowhere else', () => {
    const app = newTree();
    const named = documents(app).filter((d) => at(d, 'metadata', 'name') === 'scores-weights');
    assert.deepEqual(named.map((d) => d.kind).sort(), [
      'CronJob',
      'NetworkPolicy',
      'ServiceAccount',
    ]);
    assert.equal(documents(app).filter((d) => d.kind === 'CronJob').length, 1);
  });

  it('runs at once for each content, and before the pods that need it', () => {
    const files = manifestFiles(newTree()).filter(({ folder }) => folder === 'north');
    const all = files.flatMap((file) => file.documents);
    const kinds = all.map(({ kind }) => kind);
    assert.ok(kinds.indexOf('Job') < kinds.indexOf('Deployment'));
    const job = all.find(({ kind }) => kind === 'Job');
    assert.match(String(at(job, 'metadata', 'name')), /^scores-weights-[0-9a-f]{10}$/);
    assert.deepEqual(at(job, 'spec', 'template', 'spec'), podOf(newTree()));
    assert.equal(at(job, 'spec', 'backoffLimit'), 6);
    const again = newTree({ role: 'arn:aws:iam::1:role/another' });
    const name = (app: App) =>
      at(
        documents(app).find(({ kind }) => kind === 'Job'),
        'metadata',
        'name',
      );
    assert.equal(name(again), at(job, 'metadata', 'name'));
  });

  it('brings each version from the original to its key on the claim', () => {
    const config = documentOf(newTree(), 'ConfigMap', 'scores-weights-config', 'north');
    assert.deepEqual(JSON.parse(at(config, 'data', 'config.json') as string), {
      modelRepository: '/mnt/claims/model-store/bank',
      models: [
        {
          name: 'fraud',
          defaultVersion: 8,
          versions: [
            { version: 7, uri: 's3://bank-models/fraud/7/model.onnx', sha256 },
            { version: 8, uri: 's3://bank-models/fraud/8/model.onnx', sha256 },
          ],
        },
      ],
    });
  });

  it('brings the explain.json of a version as well', () => {
    const app = new App();
    const zone = newZone(app);
    const explanation = { sha256: 'b'.repeat(64) };
    const artifact = newArtifact({ bucket: original, copies: [copyOf(original)], explanation });
    newEndpoint(newSite(zone), {
      versions: [new ModelVersion(1, artifact)],
      standby: newSite(zone, 'north', { place: 'azure:uaenorth' }),
    });
    const config = documentOf(app, 'ConfigMap', 'fraud-weights-config', 'north');
    const { models } = JSON.parse(at(config, 'data', 'config.json') as string) as {
      readonly models: readonly { readonly versions: readonly object[] }[];
    };
    const uri = 's3://bank-models/fraud/1/explain.json';
    assert.deepEqual(models[0]?.versions, [
      {
        version: 1,
        uri: 's3://bank-models/fraud/1/model.onnx',
        sha256,
        explanation: { uri, ...explanation },
      },
    ]);
  });

  it('is refused where another endpoint has put another explain.json', () => {
    const zone = newZone();
    const dubai = newSite(zone);
    const standby = newSite(zone, 'north', { place: 'azure:uaenorth' });
    const copies = [copyOf(original)];
    const endpoint = (id: string, digest: string) => {
      const explanation = { sha256: digest };
      const artifact = newArtifact({ bucket: original, copies, explanation });
      return newEndpoint(dubai, { versions: [new ModelVersion(1, artifact)], standby }, id);
    };
    endpoint('first', 'a'.repeat(64));
    refuses(
      () => endpoint('other', 'b'.repeat(64)),
      'MANARA_ENGINE',
      '"pvc://model-store/bank/fraud/1/explain.json" holds the file aaaaaaaaaaaa… of endpoint "first"',
    );
  });

  it('repeats within its period, one run at a time', () => {
    const { jobTemplate, ...spec } = jobOf(newTree()).spec as Record<string, unknown>;
    assert.deepEqual(spec, {
      schedule: '*/10 * * * *',
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: 600,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 3,
    });
    assert.equal(at(jobTemplate, 'spec', 'activeDeadlineSeconds'), 600);
    assert.equal(at(jobTemplate, 'spec', 'backoffLimit'), 2);
  });

  it('runs the server’s fetch mode under Pod Security "restricted", and may write the claim', () => {
    const pod = podOf(newTree());
    assert.deepEqual(at(pod, 'securityContext'), {
      runAsUser: 65532,
      runAsGroup: 65532,
      runAsNonRoot: true,
      fsGroup: 65532,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    assert.deepEqual(at(pod, 'containers', 0, 'securityContext'), {
      runAsNonRoot: true,
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      privileged: false,
      capabilities: { drop: ['ALL'] },
    });
    assert.deepEqual(at(pod, 'containers', 0, 'args'), [
      'fetch',
      '--config',
      '/etc/manara/config.json',
    ]);
    assert.equal(
      at(pod, 'containers', 0, 'image'),
      'registry.bank.example/serving/manara-server:0.1.0',
    );
    assert.deepEqual(at(pod, 'containers', 0, 'volumeMounts', 2), {
      name: 'weights',
      mountPath: '/mnt/claims/model-store',
    });
    assert.deepEqual(at(pod, 'volumes', 2), {
      name: 'weights',
      persistentVolumeClaim: { claimName: 'model-store' },
    });
  });

  it('reaches the original and DNS, and is reached by nobody', () => {
    const policy = documentOf(newTree(), 'NetworkPolicy', 'scores-weights', 'north');
    const { ingress, ...spec } = policy.spec as Record<string, unknown>;
    assert.equal(ingress, undefined);
    assert.deepEqual(at(spec, 'policyTypes'), ['Ingress', 'Egress']);
    assert.deepEqual(at(spec, 'podSelector', 'matchLabels'), {
      'app.kubernetes.io/name': 'scores',
      'app.kubernetes.io/component': 'weights-copy',
    });
    assert.deepEqual(at(spec, 'egress', 0), {
      to: [{ ipBlock: { cidr: '10.20.0.0/24' } }],
      ports: [{ protocol: 'TCP', port: 443 }],
    });
    assert.deepEqual(at(spec, 'egress', 1, 'ports'), [
      { protocol: 'UDP', port: 53 },
      { protocol: 'TCP', port: 53 },
    ]);
  });

  it('has labels that the server’s own selector does not match', () => {
    const app = newTree();
    const template = at(
      jobOf(app),
      'spec',
      'jobTemplate',
      'spec',
      'template',
      'metadata',
      'labels',
    );
    const service = at(documentOf(app, 'Service', 'scores', 'north'), 'spec', 'selector');
    assert.equal(at(template, 'app.kubernetes.io/component'), 'weights-copy');
    assert.equal(at(service, 'app.kubernetes.io/component'), 'model-server');
  });

  it('reads with the identity that the original asks for, in its region', () => {
    const app = newTree();
    const account = documentOf(app, 'ServiceAccount', 'scores-weights', 'north');
    assert.deepEqual(at(account, 'metadata', 'annotations'), { 'example.com/reader': 'models' });
    assert.deepEqual(at(podOf(app), 'containers', 0, 'env'), [
      { name: 'ORT_DISABLE_TELEMETRY', value: '1' },
      { name: 'AWS_REGION', value: 'me-central-1' },
    ]);
  });

  it('assumes a role with its cluster’s token, made out to AWS', () => {
    const role = 'arn:aws:iam::111122223333:role/north';
    const app = newTree({ role });
    const account = documentOf(app, 'ServiceAccount', 'scores-weights', 'north');
    assert.equal(at(account, 'metadata', 'annotations'), undefined);
    const pod = podOf(app);
    assert.deepEqual((at(pod, 'containers', 0, 'env') as readonly unknown[]).slice(2), [
      { name: 'AWS_ROLE_ARN', value: role },
      { name: 'AWS_WEB_IDENTITY_TOKEN_FILE', value: '/var/run/secrets/aws/token' },
    ]);
    assert.deepEqual(at(pod, 'containers', 0, 'volumeMounts', 3), {
      name: 'token',
      mountPath: '/var/run/secrets/aws',
      readOnly: true,
    });
    assert.deepEqual(at(pod, 'volumes', 3, 'projected', 'sources', 0, 'serviceAccountToken'), {
      audience: 'sts.amazonaws.com',
      expirationSeconds: 3600,
      path: 'token',
    });
  });

  it('asks the endpoints that answer to it, which the audit sees', () => {
    const endpoint = 'https://bucket.vpce-1.s3.me-central-1.vpce.amazonaws.com';
    const tokenEndpoint = 'https://vpce-2.sts.me-central-1.vpce.amazonaws.com';
    const app = newTree({ role: 'arn:aws:iam::1:role/north', endpoint, tokenEndpoint });
    const env = at(podOf(app), 'containers', 0, 'env') as readonly {
      name: string;
      value: string;
    }[];
    const values = Object.fromEntries(env.map(({ name, value }) => [name, value]));
    assert.equal(values.AWS_ENDPOINT_URL_S3, endpoint);
    assert.equal(values.AWS_ENDPOINT_URL_STS, tokenEndpoint);
    const flows = auditTree(app).flatMap((audit) => audit.flows);
    const copied = flows.filter(
      (flow) => flow.status === 'declared' && flow.to.name === 'model bucket (copy)',
    );
    assert.deepEqual(
      copied.map((flow) => flow.status === 'declared' && flow.from.uri),
      [7, 8].map((version) => `${endpoint}/bank-models/fraud/${version}/model.onnx`),
    );
  });

  it('is refused where another endpoint has put other weights', () => {
    const zone = newZone();
    const dubai = newSite(zone);
    const standby = newSite(zone, 'north', { place: 'azure:uaenorth' });
    const copies = [copyOf(original)];
    const endpoint = (id: string, digest: string) =>
      newEndpoint(
        dubai,
        {
          versions: [
            new ModelVersion(1, newArtifact({ bucket: original, copies, sha256: digest })),
          ],
          standby,
        },
        id,
      );
    endpoint('first', 'a'.repeat(64));
    endpoint('same', 'a'.repeat(64));
    refuses(
      () => endpoint('other', 'b'.repeat(64)),
      'MANARA_ENGINE',
      '[bank/other] versions: "pvc://model-store/bank/fraud/1/model.onnx" holds the file aaaaaaaaaaaa… of endpoint "first"; expected the same, or another claim or key, received bbbbbbbbbbbb…',
    );
  });

  it('is refused for weights on two copies, and for a name that no CronJob can have', () => {
    const zone = newZone();
    const dubai = newSite(zone);
    const standby = newSite(zone, 'north', { place: 'azure:uaenorth' });
    const artifact = () => newArtifact({ bucket: original, copies: [copyOf(original)] });
    const versions = [new ModelVersion(1, artifact()), new ModelVersion(2, artifact())] as const;
    refuses(
      () => newEndpoint(dubai, { versions: [...versions], standby }),
      'MANARA_ENGINE',
      'one job keeps all their weights at azure:uaenorth; expected one copy, received "pvc://model-store/bank" and "pvc://model-store/bank"',
    );
    refuses(
      () => newEndpoint(dubai, { versions: [versions[0]], standby }, 'e'.repeat(46)),
      'MANARA_NAME',
      'expected at most 52 characters, received 54',
    );
  });
});
