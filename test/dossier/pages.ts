import { execFileSync } from 'node:child_process';
import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../support/paths';

const manara = join(repositoryRoot, 'packages', 'cli', 'build', 'src', 'main.js');

/** A page that `manara dossier` wrote. */
export interface WrittenPage {
  readonly title: string;
  readonly file: string;
}

/** The bank's page, and one of a tree with all that can be wrong and long. */
export function writtenPages(): readonly WrittenPage[] {
  const folder = mkdtempSync(join(tmpdir(), 'manara-dossier-'));
  const odd = join(folder, 'odd');
  const bank = join(folder, 'bank');
  write(join(repositoryRoot, 'examples', 'uae-bank'), bank);
  symlinkSync(join(repositoryRoot, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'main.ts'), oddProgram);
  write(folder, odd);
  return [
    { title: 'the bank', file: join(bank, 'dossier.html') },
    { title: 'a refused tree with long and hostile names', file: join(odd, 'dossier.html') },
  ];
}

function write(program: string, output: string): void {
  execFileSync(process.execPath, [manara, 'dossier', program, '-o', output], { stdio: 'pipe' });
}

const model = join(repositoryRoot, 'examples', 'models', 'repository', 'fraud', '1', 'model.onnx');

const oddProgram = `
import { Callers, GatewayTls, ImageRegistry, InferenceGateway, late, LogSink, ModelArtifact, ModelBucket,
  ModelEndpoint, ModelVersion, none, Peer, ResidencyZone, ServiceMesh, ServingEngine, Site, TokenIssuer,
} from '@manara/constructs';
import { DataClass, Jurisdiction } from '@manara/residency';
import { App, Duration } from 'cdk8s';

export const app: App = new App();
const zone = new ResidencyZone(app, 'shop', {
  jurisdiction: Jurisdiction.AE_ONSHORE,
  places: ['onprem:office'],
  onPremises: { 'onprem:office': Jurisdiction.AE_ONSHORE },
  data: [DataClass.PERSONAL, DataClass.HEALTH, DataClass.GOVERNMENT],
});
const office = new Site(zone, 'an-office-with-a-name-as-long-as-names-may-be-here', {
  place: 'onprem:office',
  images: new ImageRegistry({ place: 'onprem:office', prefix: 'registry.office.example:5000' }),
  logs: new LogSink({ place: 'aws:eu-west-1', uri: 'https://logs.example' }) as never,
  metrics: none('<script>document.title = "taken"</script> | \`code\`'),
  traces: none('<img src=x onerror="document.title=1">'),
  backup: none('a'.repeat(300)),
  mesh: ServiceMesh.istio(),
});
const bucket = new ModelBucket({
  place: 'onprem:office', uri: late('model-bucket'), peer: Peer.addresses('10.1.0.0/24'),
});
const endpoint = (id: string) => new ModelEndpoint(zone, id, {
  versions: [new ModelVersion(1, new ModelArtifact({
    bucket, key: 'fraud/1/model.onnx', file: ${JSON.stringify(model)},
  }))],
  engine: ServingEngine.onnx(),
  sites: [office],
  standby: none('one node'),
  objective: { p99Latency: Duration.millis(50), availabilityPercent: 99 },
  traffic: { peakRequestsPerSecond: 20 },
});
const long = endpoint('an-endpoint-with-a-name-as-long-as-names-may-be');
new InferenceGateway(office, 'api', {
  host: 'api.office.example',
  tls: GatewayTls.secret('tls'),
  issuers: [new TokenIssuer({ issuer: 'https://login.office.example', audiences: ['<b>models</b>'],
    publishedKeys: { uri: 'https://login.office.example/keys', place: 'onprem:office' } })],
  access: [{ endpoint: long, callers: Callers.subjects('"><script>alert(1)</script>') }],
  from: [Peer.addresses('10.0.0.0/16', 'fd00:1234:5678:9abc:def0:1234:5678:9abc/128')],
  proxy: { name: 'istio/proxyv2', tag: '1.31.0' },
});
`;
