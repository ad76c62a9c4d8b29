import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Certificates, makeCertificates } from '../bed/certificates';
import { Child } from '../support/child';
import { freePorts } from '../support/free-ports';
import { textsOf, watchedDocuments } from './watched';

/** Ports in the order of the tree's: OTLP over gRPC and HTTP, metrics, health. */
const treePorts = [4317, 4318, 8888, 13133] as const;

/** The collector of a watched site on loopback, with the configuration that the tree makes. */
export class CollectorProcess {
  private child: Child | undefined;

  private constructor(
    private readonly binary: string,
    readonly folder: string,
    readonly certificates: Certificates,
    private readonly ports: readonly number[],
  ) {}

  /** @param sink address that everything is sent on to */
  static async start(binary: string, sink: string): Promise<CollectorProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'manara-collector-'));
    const certificates = makeCertificates(folder);
    const collector = new CollectorProcess(binary, folder, certificates, await freePorts(4));
    mkdirSync(join(folder, 'queue'));
    writeFileSync(join(folder, 'config.yaml'), collector.config(sink));
    await collector.restart();
    return collector;
  }

  get otlp(): string {
    return `https://127.0.0.1:${this.ports[1] ?? 0}`;
  }

  get metrics(): string {
    return `127.0.0.1:${this.ports[2] ?? 0}`;
  }

  get output(): string {
    return this.child?.output ?? '';
  }

  /** Starts it on the queue that it left behind. */
  async restart(): Promise<void> {
    this.child = Child.start(
      'otelcol',
      this.binary,
      [`--config=${join(this.folder, 'config.yaml')}`],
      {
        logFile: join(this.folder, 'log'),
      },
    );
    const health = `http://127.0.0.1:${this.ports[3] ?? 0}/`;
    await this.child.until(
      () =>
        fetch(health).then(
          ({ ok }) => ok,
          () => false,
        ),
      20_000,
    );
  }

  /** Sends OTLP to a path of it. @returns the status */
  post(path: string, body: object): Promise<number> {
    return new Promise((resolve, reject) => {
      const ca = readFileSync(this.certificates.authority);
      const headers = { 'content-type': 'application/json' };
      const call = request(`${this.otlp}${path}`, { method: 'POST', ca, headers }, (reply) => {
        reply.resume();
        resolve(reply.statusCode ?? 0);
      });
      call.on('error', reject);
      call.end(JSON.stringify(body));
    });
  }

  async kill(): Promise<void> {
    await this.child?.kill();
  }

  async stop(): Promise<void> {
    await this.child?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Paths and ports are this machine's, and what is sent on can be read; the rest is as the tree makes it. */
  private config(sink: string): string {
    const [tree = ''] = textsOf('config.yaml', watchedDocuments(sink));
    const { certificate, key } = this.certificates.server;
    const text = tree
      .replaceAll('/var/lib/otelcol', join(this.folder, 'queue'))
      .replaceAll('/etc/otelcol-tls/tls.crt', certificate)
      .replaceAll('/etc/otelcol-tls/tls.key', key)
      .replaceAll('0.0.0.0', '127.0.0.1')
      .replaceAll(/^( +)(endpoint: http:.*)$/gm, '$1$2\n$1encoding: json')
      .replaceAll('flush_timeout: 5s', 'flush_timeout: 200ms');
    return treePorts.reduce(
      (known, port, i) =>
        known
          .replaceAll(`127.0.0.1:${port}\n`, `127.0.0.1:${this.ports[i] ?? 0}\n`)
          .replaceAll(`port: ${port}\n`, `port: ${this.ports[i] ?? 0}\n`),
      text,
    );
  }
}
