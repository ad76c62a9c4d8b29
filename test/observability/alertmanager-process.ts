import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { Child } from '../support/child';
import { freePorts } from '../support/free-ports';

const program = 'prometheus-alertmanager';

/** Why there is no Alertmanager to test with; `undefined` where there is one. */
export function whyNoAlertmanager(): string | undefined {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return `skip: no ${program} is installed (Debian: apt-get install --no-install-recommends ${program})`;
  }
}

/** `spec` of an AlertmanagerConfig, as far as it is read. */
export interface RouteSpec {
  readonly route: {
    readonly receiver: string;
    readonly matchers: readonly { readonly name: string; readonly value: string }[];
    readonly groupBy: readonly string[];
  };
}

/** An Alertmanager on loopback with the route of the tree, which its operator would write for it. */
export class AlertmanagerProcess {
  private constructor(
    private readonly child: Child,
    private readonly folder: string,
    private readonly url: string,
  ) {}

  /** @param webhook address that the tree's own stands for */
  static async start({ route }: RouteSpec, webhook: string): Promise<AlertmanagerProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'manara-alertmanager-'));
    const config = {
      route: {
        receiver: 'nobody',
        routes: [
          {
            receiver: route.receiver,
            matchers: route.matchers.map(({ name, value }) => `${name}="${value}"`),
            group_by: route.groupBy,
            // Sooner than the tree's.
            group_wait: '1s',
            group_interval: '1s',
            repeat_interval: '2s',
          },
        ],
      },
      receivers: [
        { name: 'nobody' },
        { name: route.receiver, webhook_configs: [{ url: webhook, send_resolved: true }] },
      ],
    };
    writeFileSync(join(folder, 'config.yaml'), stringify(config));
    const [port = 0] = await freePorts(1);
    const flags = {
      'config.file': join(folder, 'config.yaml'),
      'storage.path': join(folder, 'data'),
      'web.listen-address': `127.0.0.1:${port}`,
      'cluster.listen-address': '',
    };
    const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
    const child = Child.start(program, program, args, { logFile: join(folder, 'log') });
    const alertmanager = new AlertmanagerProcess(child, folder, `http://127.0.0.1:${port}`);
    await child.until(
      () =>
        fetch(`${alertmanager.url}/-/ready`).then(
          ({ ok }) => ok,
          () => false,
        ),
      60_000,
    );
    return alertmanager;
  }

  /** Says, as Prometheus does, that an alert fires; or, with an end, that it is over. */
  async tell(
    labels: Readonly<Record<string, string>>,
    startsAt: Date,
    endsAt?: Date,
  ): Promise<void> {
    const body = JSON.stringify([
      { labels, startsAt, ...(endsAt === undefined ? {} : { endsAt }) },
    ]);
    const headers = { 'content-type': 'application/json' };
    const reply = await fetch(`${this.url}/api/v2/alerts`, { method: 'POST', headers, body });
    if (!reply.ok) throw new Error(`Alertmanager: ${reply.status} ${await reply.text()}`);
  }

  async stop(): Promise<void> {
    await this.child.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
