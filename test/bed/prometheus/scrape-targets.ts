import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Pod } from '../kubelet/pod';

/** Name of the container port that is scraped, and the path there. */
const portName = 'metrics';

/**
 * Tells Prometheus of every running pod with a port named `metrics`, in the format of its http_sd, for
 * Debian's build knows nothing of Kubernetes. A target has the labels `namespace`, `pod` and `node`, and
 * the pod's own labels, with `_` for what a label's name may not hold: `rollouts_pod_template_hash`.
 */
export class ScrapeTargets {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(pods: () => readonly Pod[]): Promise<ScrapeTargets> {
    const server = createServer((_, reply) => {
      reply.setHeader('content-type', 'application/json');
      reply.end(JSON.stringify(pods().flatMap(targetsOf)));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return new ScrapeTargets(server, `http://127.0.0.1:${port}/`);
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

/** One for each port, as `host:port` with labels. */
function targetsOf({ metadata, spec, status }: Pod): readonly object[] {
  const ip = status?.podIP;
  if (ip === undefined || status?.phase !== 'Running') return [];
  const { namespace, name: pod, labels = {} } = metadata;
  const own = Object.fromEntries(
    Object.entries(labels).map(([key, value]) => [key.replaceAll(/\W/g, '_'), value] as const),
  );
  return spec.containers.flatMap(({ name: container, ports = [] }) =>
    ports
      .filter(({ name }) => name === portName)
      .map(({ containerPort }) => ({
        targets: [`${ip}:${containerPort}`],
        labels: { ...own, namespace, pod, container, node: spec.nodeName },
      })),
  );
}
