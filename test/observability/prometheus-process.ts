import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { Child } from '../support/child';
import { freePorts } from '../support/free-ports';

/** What is scraped: the labels that a PodMonitor of the tree gives to the series. */
export interface Target {
  readonly address: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [time: number, value: string];
}

/** A Prometheus on loopback that scrapes, and evaluates rules, every second. */
export class PrometheusProcess {
  private constructor(
    private readonly child: Child,
    private readonly folder: string,
    private readonly url: string,
  ) {}

  /** @param rules `spec` of each PrometheusRule */
  static async start(
    targets: readonly Target[],
    rules: readonly object[],
  ): Promise<PrometheusProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'manara-prometheus-'));
    const files = rules.map((rule, i) => {
      const file = join(folder, `rules-${i}.yaml`);
      writeFileSync(file, stringify(rule));
      return file;
    });
    const config = {
      global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
      rule_files: files,
      scrape_configs: targets.map(({ address, labels: { job, ...labels } }) => ({
        job_name: job,
        static_configs: [{ targets: [address], labels }],
      })),
    };
    writeFileSync(join(folder, 'prometheus.yaml'), stringify(config));
    const [port = 0] = await freePorts(1);
    const child = Child.start(
      'prometheus',
      'prometheus',
      [
        `--config.file=${join(folder, 'prometheus.yaml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { logFile: join(folder, 'log') },
    );
    const prometheus = new PrometheusProcess(child, folder, `http://127.0.0.1:${port}`);
    await child.until(
      () =>
        fetch(`${prometheus.url}/-/ready`).then(
          ({ ok }) => ok,
          () => false,
        ),
      60_000,
    );
    return prometheus;
  }

  /** What a query gives now. @throws Error where Prometheus refuses it */
  async query(expr: string): Promise<readonly Sample[]> {
    const body = new URLSearchParams({ query: expr });
    const reply = await fetch(`${this.url}/api/v1/query`, { method: 'POST', body });
    const { status, error, data } = (await reply.json()) as {
      readonly status: string;
      readonly error?: string;
      readonly data?: { readonly result: readonly Sample[] };
    };
    if (status !== 'success') throw new Error(`${expr}: ${error ?? status}`);
    return data?.result ?? [];
  }

  async stop(): Promise<void> {
    await this.child.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
