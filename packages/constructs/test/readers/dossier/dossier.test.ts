import assert from 'node:assert/strict';
import { ApiObject, App, Duration, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import {
  type Dossier,
  dossier,
  type DossierContent,
  type DossierPart,
  dossierPart,
  type DossierSection,
  ImageRegistry,
  InferenceGateway,
  late,
  LogSink,
  MetricSink,
  ModelArtifact,
  ModelBucket,
  ModelVersion,
  none,
  Peer,
  plain,
  say,
  ServiceMesh,
  ServingEngine,
  ServingStack,
  type Text,
} from '../../../src';
import { gatewayProps, newBehind } from '../../gateway/support';
import { refuses } from '../../support/errors';
import { bucket, newEndpoint, newSite, newZone, untyped } from '../../support/fixtures';

function sectionsOf(sections: readonly DossierSection[]): readonly DossierSection[] {
  return sections.flatMap((one) => [one, ...sectionsOf(one.sections ?? [])]);
}

function contentOf(document: Dossier, id?: string): readonly DossierContent[] {
  return sectionsOf(document.sections)
    .filter((section) => id === undefined || section.id === id)
    .flatMap(({ content }) => content);
}

function rowsOf(document: Dossier, id: string): readonly (readonly string[])[] {
  return contentOf(document, id).flatMap((content) =>
    content.kind === 'table' ? content.rows.map(({ cells }) => cells.map(plain)) : [],
  );
}

function textsOf(content: DossierContent): readonly string[] {
  switch (content.kind) {
    case 'paragraph':
      return [plain(content.text)];
    case 'callout':
      return [content.title, plain(content.text)];
    case 'table':
      return content.rows.flatMap(({ cells }) => cells.map((cell: Text) => plain(cell)));
    case 'diagram':
      return [...content.nodes.flatMap(({ lines }) => lines), ...content.edges.map((e) => e.label)];
    case 'steps':
      return content.steps.flatMap((s) => [plain(s.text), ...s.commands, ...s.queries]);
  }
}

/** Every word of a document, with its titles. */
function everything(document: Dossier): string {
  return [
    ...sectionsOf(document.sections).map(({ title }) => title),
    ...contentOf(document).flatMap(textsOf),
  ].join('\n');
}

function commandsOf(document: Dossier): readonly string[] {
  return contentOf(document).flatMap((content) =>
    content.kind === 'steps' ? content.steps.flatMap(({ commands }) => commands) : [],
  );
}

function fact(document: Dossier, name: string): { value: string; tone?: string } | undefined {
  return document.facts.find((one) => one.name === name);
}

function smallTree(): App {
  const app = new App();
  newEndpoint(newSite(newZone(app)), { callers: [Peer.namespace('payments')] });
  return app;
}

describe('dossier', () => {
  it('has the blocks, interfaces and entities of a small tree', () => {
    const document = dossier([smallTree()]);
    assert.equal(document.title, 'Dossier of bank');
    assert.deepEqual(
      rowsOf(document, 'architecture-building-blocks').map(([name]) => name),
      ['Residency boundary of bank', 'Inference by fraud'],
    );
    const [solution] = rowsOf(document, 'solution-building-blocks');
    assert.match(
      solution?.join('\n') ?? '',
      /^fraud at dubai\naws:me-central-1\nonnx server as primary: version 1; /,
    );
    assert.match(
      solution?.[3] ?? '',
      /Deployment\/fraud, .*NetworkPolicy\/fraud in dubai\/fraud\.yaml$/,
    );
    assert.deepEqual(rowsOf(document, 'interfaces'), [
      [
        'fraud at dubai',
        'REST',
        'Open Inference Protocol v2, REST',
        'fraud.bank.svc:8000',
        'pods of payments',
      ],
      [
        'fraud at dubai',
        'gRPC',
        'Open Inference Protocol v2, gRPC',
        'fraud.bank.svc:8001',
        'pods of payments',
      ],
      ['fraud at dubai', 'metrics', 'Prometheus', 'fraud.bank.svc:8002', 'nobody'],
    ]);
    const [requests, weights] = rowsOf(document, 'data-entities');
    assert.equal(requests?.[2], 'Tensors that only the server knows');
    assert.equal(weights?.[3], 'pvc://model-store/fraud/1/model.onnx (aws:me-central-1)');
  });

  it('has each flow with its verdict, and the rules with source and date', () => {
    const document = dossier([smallTree()]);
    const flows = rowsOf(document, 'flows-of-bank/fraud');
    assert.equal(flows.length, 7);
    assert.deepEqual(flows.map((cells) => `${cells[0] ?? ''}: ${cells[5] ?? ''}`).slice(0, 3), [
      'artifact: allowed by 5 rules',
      'image: allowed by 3 rules',
      'log: absent',
    ]);
    const law = contentOf(document, 'law-bank').flatMap(textsOf).join('\n');
    assert.match(law, /Federal Decree-Law 45\/2021 \(PDPL\), Art 20 \(.*; secondary, read 2026-11/);
    assert.match(law, /Middle East \(UAE\), AE/);
    assert.equal(fact(document, 'Data flows')?.tone, 'good');
  });

  it('takes evidence of a control from the manifest, and misses one that was patched away', () => {
    const app = new App();
    const site = newSite(newZone(app));
    newEndpoint(site);
    const held = dossier([app]);
    assert.match(
      rowsOf(held, 'controls-admission')[0]?.[2] ?? '',
      /^Namespace\/bank in dubai\/00-site\.yaml: metadata\.labels\..*enforce is restricted$/,
    );
    assert.equal(fact(held, 'Controls')?.tone, 'good');

    const namespace = ApiObject.of(site.node.findChild('namespace'));
    namespace.addJsonPatch(
      JsonPatch.replace('/metadata/labels/pod-security.kubernetes.io~1enforce', 'privileged'),
    );
    const missing = dossier([app]);
    assert.equal(fact(missing, 'Controls')?.tone, 'bad');
    assert.match(everything(missing), /Missing: a control of bank\/dubai\n.*enforce is privileged/);
  });

  it('names real objects, files and contexts in its commands', () => {
    const app = new App();
    const metrics = new MetricSink({
      place: 'aws:me-central-1',
      uri: 'https://prometheus.bank.example',
      scrapedBy: Peer.namespace('monitoring'),
    });
    newEndpoint(newSite(newZone(app), 'dubai', { metrics }));
    const document = dossier([app], {
      program: { folder: 'apps/bank', tsconfig: 'apps/bank/tsconfig.json' },
    });
    const commands = commandsOf(document);
    for (const command of [
      'npx manara synth apps/bank -o dist',
      'kubectl --context dubai apply -f dist/dubai',
      'kubectl --context dubai -n bank rollout undo deployment/fraud',
      'kubectl --context dubai -n bank get horizontalpodautoscaler/fraud',
      'curl -i http://127.0.0.1:8000/v2/models/fraud/versions/2/ready',
    ]) {
      assert.ok(commands.includes(command), `${command} is missing among:\n${commands.join('\n')}`);
    }
    assert.ok(commands.some((c) => /rollout status deployment\/fraud --timeout=\d+s$/.test(c)));
    assert.match(everything(document), /npx tsc --noEmit -p apps\/bank\/tsconfig\.json/);
    const queries = contentOf(document).flatMap((content) =>
      content.kind === 'steps' ? content.steps.flatMap((step) => step.queries) : [],
    );
    assert.ok(queries[0]?.includes('nv_inference_request_failure{model="fraud"}'));
  });

  it('says nothing of what is not there', () => {
    const text = everything(dossier([smallTree()]));
    for (const foreign of [
      /Istio/,
      /[Gg]ateway api/,
      /drill/,
      /[Cc]ontinuity/,
      /CronJob/,
      /PromQL|sum by/,
      /[Pp]ulumi (up|preview)/,
      /tsc/,
      /Known only/,
    ]) {
      assert.doesNotMatch(text, foreign);
    }
  });

  it('speaks of Pulumi where that deploys the tree', () => {
    const program = { isPulumi: true, stack: 'production', policyPack: 'policy' };
    const document = dossier([smallTree()], { program });
    const text = everything(document);
    assert.ok(commandsOf(document).includes('pulumi up --stack production'));
    assert.match(text, /pulumi preview --policy-pack policy --stack production/);
    assert.doesNotMatch(text, /kubectl --context dubai (apply|diff)/);
    assert.match(
      everything(dossier([smallTree()], { program: { isPulumi: true } })),
      /there is no policy pack in the folder policy/,
    );
  });

  it('marks what breaks a rule, and goes on', () => {
    const app = new App();
    const logs = new LogSink({ place: 'aws:eu-west-1', uri: 'https://logs.example' });
    newEndpoint(newSite(newZone(app), 'dubai', { logs: untyped(logs) }));
    const document = dossier([app]);
    assert.equal(fact(document, 'Data flows')?.tone, 'bad');
    const text = everything(document);
    assert.match(text, /Zone bank is refused/);
    assert.match(text, /Refused: log flow, rule flow-stays-in-zone\n.*Fix: /);
    assert.match(text, /log \(refused\)/);
    const row = contentOf(document, 'flows-of-bank/fraud')
      .flatMap((content) => (content.kind === 'table' ? content.rows : []))
      .find(({ cells }) => plain(cells[0] ?? []) === 'log');
    assert.equal(row?.tone, 'bad');
    assert.match(
      row.cells.map(plain).join(' '),
      /refused by flow-stays-in-zone, pdpl-transfer-basis/,
    );
  });

  it('names late values until they are given, and judges them then', () => {
    const app = new App();
    const store = new ModelBucket({
      place: 'aws:me-central-1',
      uri: late('dossier-bucket'),
      peer: Peer.addresses('10.20.0.0/24'),
    });
    const artifact = new ModelArtifact({
      bucket: store,
      key: 'fraud/1/model.onnx',
      sha256: 'a'.repeat(64),
      sizeBytes: 1000,
    });
    newEndpoint(newSite(newZone(app)), { versions: [new ModelVersion(1, artifact)] });
    const open = everything(dossier([app]));
    assert.match(open, /‹dossier-bucket›\/fraud\/1\/model\.onnx/);
    assert.match(open, /not judged yet: waits for dossier-bucket/);
    assert.match(open, /Known only after deployment/);
    assert.doesNotMatch(open, /\$\{late:/);
    const filled = everything(dossier([app], { values: { 'dossier-bucket': 's3://weights' } }));
    assert.match(filled, /s3:\/\/weights\/fraud\/1\/model\.onnx/);
    assert.doesNotMatch(filled, /‹|Known only/);
    const abroad = dossier([app], {
      values: { 'dossier-bucket': 'https://b.s3.eu-west-1.amazonaws.com' },
    });
    assert.match(everything(abroad), /Refused: artifact flow, rule uri-matches-place/);
  });

  it('has the continuity of a stack, with what was computed', () => {
    const app = new App();
    const zone = newZone(app);
    const images = (place: 'aws:me-central-1' | 'azure:uaenorth', prefix: string) =>
      new ImageRegistry({ place, prefix });
    const dubai = newSite(zone, 'dubai', {
      images: images('aws:me-central-1', 'a.bank.example/x'),
    });
    const north = newSite(zone, 'north', {
      place: 'azure:uaenorth',
      images: images('azure:uaenorth', 'b.bank.example/x'),
    });
    const copy = new ModelBucket({
      place: 'azure:uaenorth',
      uri: 'pvc://model-store',
      copy: { from: bucket, every: Duration.minutes(10) },
    });
    const artifact = new ModelArtifact({
      bucket,
      copies: [copy],
      key: 'fraud/1/model.onnx',
      sha256: 'a'.repeat(64),
      sizeBytes: 1000,
    });
    newEndpoint(dubai, {
      sites: [dubai],
      standby: north,
      versions: [new ModelVersion(1, artifact)],
      engine: ServingEngine.onnx({ serviceTimeMicros: 5000 }),
      traffic: { peakRequestsPerSecond: 900 },
    });
    new ServingStack(zone, 'uae', {
      sites: [dubai],
      standby: north,
      recovery: { time: Duration.minutes(20), point: Duration.minutes(30) },
      failover: Duration.minutes(3),
      images: {
        copier: { name: 'krane', tag: 'v1' },
        every: Duration.minutes(15),
        peers: [Peer.addresses('10.20.0.0/24')],
      },
    });
    const document = dossier([app]);
    const commands = commandsOf(document).join('\n');
    assert.match(commands, /npx manara drill --site 'dubai=http:\/\/\{endpoint\}/);
    assert.match(commands, /create job uae-images-now --from=cronjob\/uae-images/);
    assert.match(commands, /create job fraud-weights-now --from=cronjob\/fraud-weights/);
    assert.match(
      commands,
      /patch horizontalpodautoscaler\/fraud --type=merge -p '\{"spec":\{"minReplicas":\d+\}\}'/,
    );
    const text = everything(document);
    assert.match(
      text,
      /first answer after 3 minutes, all traffic after \d+ (seconds|minutes) where 20 minutes are promised/,
    );
    assert.match(text, /a copy of s3:\/\/bank-models that is brought up to date every 10 minutes/);
    const crossing = contentOf(document, 'flows-bank').find((c) => c.kind === 'diagram');
    assert.ok(crossing?.kind === 'diagram');
    assert.deepEqual(crossing.edges.map(({ label }) => label).sort(), [
      'artifact',
      'image',
      'standby',
    ]);
  });

  it('has a gateway with who may do what, and its mesh', () => {
    const behind = newBehind();
    new InferenceGateway(behind.site, 'api', gatewayProps(behind));
    const document = dossier([behind.app]);
    const gateway = rowsOf(document, 'controls-gateway').map((cells) => cells.join(' | '));
    assert.ok(
      gateway.some((row) =>
        /speak TLS 1\.3 or later \| Gateway\/api in dubai\/api\.yaml: .* is TLSV1_3/.test(row),
      ),
      gateway.join('\n'),
    );
    assert.ok(
      gateway.some((row) => /may read, infer fraud.*403.*AuthorizationPolicy\/api/.test(row)),
    );
    const access = contentOf(document, 'at-a-glance').find((c) => c.kind === 'diagram');
    assert.ok(access?.kind === 'diagram');
    assert.ok(
      access.edges.some(({ from, to }) => from === 'bank/dubai/api' && to === 'bank/dubai/fraud'),
    );
    assert.match(everything(document), /GATEWAY_TOO_MANY_REQUESTS \(429\)/);
    assert.match(everything(document), /who shows a certificate of the mesh/);
    assert.doesNotMatch(everything(document), /No PeerAuthentication/);
  });

  it('sees strict mutual TLS where there is some', () => {
    const app = new App();
    const site = newSite(newZone(app), 'dubai', { mesh: ServiceMesh.istio() });
    newEndpoint(site);
    new ApiObject(site, 'strict', {
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name: 'strict' },
      spec: { mtls: { mode: 'STRICT' } },
    });
    const text = everything(dossier([app]));
    assert.match(
      text,
      /PeerAuthentication\/strict in dubai\/00-site\.yaml: spec\.mtls\.mode is STRICT/,
    );
    assert.doesNotMatch(text, /No PeerAuthentication/);
  });

  it('takes what a construct of anybody adds', () => {
    class Firewall extends Construct {
      [dossierPart](): DossierPart {
        return {
          controls: [
            {
              owner: this.node.path,
              what: say`Refuses ${'everything'}`,
              at: 'cloud',
              evidence: [{ said: say`by hand` }],
            },
          ],
          runbooks: [
            {
              practice: 'incident',
              title: 'Smoke',
              when: say`it smells`,
              steps: [{ does: say`Run` }],
            },
          ],
        };
      }
    }
    const app = smallTree();
    new Firewall(app, 'wall');
    const document = dossier([app]);
    assert.deepEqual(rowsOf(document, 'controls-cloud'), [
      ['wall', 'Refuses everything', 'by hand'],
    ]);
    assert.ok(sectionsOf(document.sections).some(({ title }) => title === 'Smoke'));
  });

  it('refuses a tree without endpoints, and one that synth would refuse', () => {
    const empty = new App();
    newSite(newZone(empty));
    refuses(() => dossier([empty]), 'MANARA_DOSSIER', 'at least one ModelEndpoint, received none');
    const twice = smallTree();
    const [site] = twice.charts;
    assert.ok(site);
    new ApiObject(site, 'again', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'fraud' },
    });
    refuses(() => dossier([twice]), 'MANARA_DOSSIER', 'Service "fraud"', 'is made twice');
  });

  it('is the same for the same tree, and leaves the tree as it was', () => {
    const app = smallTree();
    assert.deepEqual(dossier([app]), dossier([app]));
    assert.doesNotThrow(() => app.synthYaml());
  });

  it('has no endpoint of a site that nobody scrapes among its users', () => {
    const app = new App();
    newEndpoint(newSite(newZone(app), 'dubai', { metrics: none('none') }));
    assert.equal(
      contentOf(dossier([app]), 'at-a-glance').some(({ kind }) => kind === 'diagram'),
      false,
    );
  });
});
