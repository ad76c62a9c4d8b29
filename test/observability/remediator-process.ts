import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApiAddress } from '../bed/api-server';
import { Child } from '../support/child';
import { freePorts } from '../support/free-ports';

/** `manara-server remediate` with the token of a service account, as a pod has it. */
export class RemediatorProcess {
  private child: Child | undefined;

  private constructor(
    private readonly folder: string,
    private readonly apiServer: URL,
    private readonly port: number,
  ) {}

  static async start(
    { url, authority }: ApiAddress,
    namespace: string,
    token: string,
  ): Promise<RemediatorProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'manara-remediator-'));
    writeFileSync(join(folder, 'namespace'), namespace);
    writeFileSync(join(folder, 'token'), token);
    writeFileSync(join(folder, 'ca.crt'), authority);
    const [port = 0] = await freePorts(1);
    const remediator = new RemediatorProcess(folder, new URL(url), port);
    await remediator.restart();
    return remediator;
  }

  get webhook(): string {
    return `http://127.0.0.1:${this.port}/alerts`;
  }

  /** Audit lines of what was done, or left undone. */
  get lines(): readonly Readonly<Record<string, unknown>>[] {
    const lines = (this.child?.output ?? '').split('\n').filter((line) => line.startsWith('{'));
    return lines
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
      .filter(({ event }) => event !== 'listening');
  }

  /** Starts it anew: what it did stands in the cluster. */
  async restart(): Promise<void> {
    await this.child?.stop();
    const main = require.resolve('@manara/runtime/build/src/main.js');
    const args = [main, 'remediate', '--port', String(this.port), '--service-account', this.folder];
    const env = {
      ...process.env,
      KUBERNETES_SERVICE_HOST: this.apiServer.hostname,
      KUBERNETES_SERVICE_PORT: this.apiServer.port,
    };
    const logFile = join(this.folder, 'log');
    this.child = Child.start('remediator', process.execPath, args, { logFile, env });
    const health = `http://127.0.0.1:${this.port}/health`;
    await this.child.until(
      () =>
        fetch(health).then(
          ({ ok }) => ok,
          () => false,
        ),
      30_000,
    );
  }

  async stop(): Promise<void> {
    await this.child?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
