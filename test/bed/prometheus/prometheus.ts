import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { answersOk } from '../../support/answers-ok';
import { Child } from '../../support/child';
import { freePorts } from '../../support/free-ports';
import type { PrometheusBinaries } from './packages';

export interface PrometheusProps extends PrometheusBinaries {
  readonly folder: string;
  /** Where its targets are listed, in the format of http_sd. */
  readonly targetsUrl: string;
}

/** One series of an answer, at one moment. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A firing or pending alert. */
export interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: 'firing' | 'pending';
}

/** A real Prometheus that looks every second. */
export class Prometheus {
  private constructor(
    private readonly child: Child,
    private readonly rulesFolder: string,
    /** Its promtool, to check rules with. */
    readonly promtool: string,
    /** `http://127.0.0.1:port`, without a slash at its end. */
    readonly url: string,
  ) {}

  static async start(props: PrometheusProps): Promise<Prometheus> {
    const folder = join(props.folder, 'prometheus');
    const rules = join(folder, 'rules');
    mkdirSync(rules, { recursive: true });
    const configuration = join(folder, 'prometheus.yaml');
    writeFileSync(
      configuration,
      stringify({
        global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
        rule_files: [join(rules, '*.yaml')],
        scrape_configs: [
          {
            job_name: 'pods',
            http_sd_configs: [{ url: props.targetsUrl, refresh_interval: '1s' }],
          },
        ],
      }),
    );
    const [port = 0] = await freePorts(1);
    const url = `http://127.0.0.1:${port}`;
    const flags = {
      'config.file': configuration,
      'storage.tsdb.path': join(folder, 'data'),
      'web.listen-address': `127.0.0.1:${port}`,
    };
    const child = Child.start(
      'prometheus',
      props.prometheus,
      [
        ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
        '--web.enable-lifecycle',
      ],
      { logFile: join(props.folder, 'prometheus.log') },
    );
    const prometheus = new Prometheus(child, rules, props.promtool, url);
    try {
      await child.until(() => answersOk(`${url}/-/ready`), 60_000);
    } catch (error) {
      await prometheus.stop();
      throw error;
    }
    return prometheus;
  }

  /** What an expression says now. @throws Error with Prometheus' own message */
  async query(expression: string): Promise<readonly Sample[]> {
    const { result } = await this.get<{
      readonly result: readonly {
        readonly metric: Readonly<Record<string, string>>;
        readonly value: readonly [time: number, value: string];
      }[];
    }>(`query?query=${encodeURIComponent(expression)}`);
    return result.map(({ metric, value: [, value] }) => ({ labels: metric, value: Number(value) }));
  }

  async alerts(): Promise<readonly Alert[]> {
    return (await this.get<{ readonly alerts: readonly Alert[] }>('alerts')).alerts;
  }

  /**
   * Loads groups of rules, as they stand in a PrometheusRule's `spec.groups`; those that had this name go.
   *
   * @throws Error where Prometheus refuses them
   */
  async loadRules(name: string, groups: readonly unknown[]): Promise<void> {
    writeFileSync(join(this.rulesFolder, `${name}.yaml`), stringify({ groups }));
    const reply = await fetch(`${this.url}/-/reload`, { method: 'POST' });
    if (!reply.ok) throw new Error(`rules ${name}: ${await reply.text()}`);
  }

  async stop(): Promise<void> {
    await this.child.stop();
  }

  private async get<Data>(path: string): Promise<Data> {
    const reply = await fetch(`${this.url}/api/v1/${path}`);
    const answer = (await reply.json()) as
      | { readonly status: 'success'; readonly data: Data }
      | { readonly status: 'error'; readonly error: string };
    if (answer.status === 'error') throw new Error(`${path}: ${answer.error}`);
    return answer.data;
  }
}
