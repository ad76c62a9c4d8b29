import { type RunningServer, type ServerOptions, startServer, type Surroundings } from '../../src';

/** A server in this process on free ports, and the log lines that it wrote. */
export interface TestServer {
  readonly server: RunningServer;
  /** `http://127.0.0.1:port` */
  readonly url: string;
  readonly grpc: string;
  readonly metricsUrl: string;
  readonly logs: readonly LogLine[];
}

export type LogLine = Readonly<Record<string, unknown>>;

export async function startTestServer(
  folder: string,
  options: Partial<ServerOptions> = {},
  surroundings: Surroundings = {},
): Promise<TestServer> {
  const logs: LogLine[] = [];
  const server = await startServer(
    {
      modelRepositories: [folder],
      http: { port: 0 },
      grpc: { port: 0 },
      metrics: { port: 0 },
      workers: 2,
      logLevel: 'debug',
      ...options,
    },
    { logs: { write: (line: string) => logs.push(JSON.parse(line) as LogLine) }, ...surroundings },
  );
  const { http, grpc, metrics } = server.addresses;
  return {
    server,
    url: `http://${http ?? ''}`,
    grpc: grpc ?? '',
    metricsUrl: `http://${metrics ?? ''}/metrics`,
    logs,
  };
}
