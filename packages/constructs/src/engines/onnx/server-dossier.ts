import { configAnnotation, container, metrics } from '@manara/contract';
import { unlessAbsent } from '../../absent';
import type { Control, DossierPart, Runbook } from '../../dossier/dossier-part';
import { joined, say } from '../../dossier/text';
import type { EndpointSpec, LoweredWorkload } from '../lowering';

/** What the bundled server adds: digests checked in the pod, and what its metrics say. */
export function describeServer(workloads: readonly LoweredWorkload[]): DossierPart {
  const [first] = workloads;
  if (first === undefined) return {};
  const { endpoint } = first;
  return {
    controls: workloads.flatMap(controls),
    gates: [
      {
        stage: 'run',
        name: `Digests of ${endpoint.name}`,
        checks: say`The SHA-256 of each version's weights, in every pod, before the server of ${endpoint.name} starts`,
      },
    ],
    runbooks: metricsRunbook(endpoint, workloads),
  };
}

const parts = {
  identity: 'asks callers who they are',
  rules: 'lets callers do what its rules allow, and no more',
  limits: 'limits how much it is asked',
  audit: 'keeps a record of who asked for what',
} as const;

function controls({ endpoint, site, controller }: LoweredWorkload): readonly Control[] {
  const owner = endpoint.path;
  const at = say`${endpoint.name} at ${site.node.id}`;
  const annotation = `/spec/template/metadata/annotations/${configAnnotation.replaceAll('/', '~1')}`;
  const digest: Control = {
    owner,
    what: say`A pod of ${at} starts no model whose weights have another digest than the program's`,
    at: 'server',
    evidence: [
      {
        object: controller,
        field: '/spec/template/spec/initContainers/*/name',
        equals: container.fetch,
      },
    ],
  };
  const configured = Object.entries(parts)
    .filter(([part]) => endpoint.server?.config[part as keyof typeof parts] !== undefined)
    .map(([part, does]): Control => ({
      owner,
      what: say`The server of ${at} ${[does]}`,
      at: 'server',
      evidence: [
        { said: say`${part} in the server's configuration` },
        { object: controller, field: annotation },
      ],
    }));
  return [digest, ...configured];
}

function metricsRunbook(
  { name, objective }: EndpointSpec,
  workloads: readonly LoweredWorkload[],
): readonly Runbook[] {
  const stores = workloads.flatMap(({ site }) => {
    const metricSink = unlessAbsent(site.metrics);
    return metricSink === undefined ? [] : [say`${metricSink.uri} (${site.node.id})`];
  });
  if (stores.length === 0) return [];
  const of = `{model="${name}"}[5m]`;
  return [
    {
      practice: 'incident',
      title: `What the metrics of ${name} say`,
      when: say`It is not clear whether ${name} fails, how slow it is, or where its requests wait`,
      steps: [
        {
          does: say`In the metrics at ${joined(stores)}: failures a second, by reason`,
          queries: [`sum by (reason) (rate(${metrics.requestFailure.name}${of}))`],
        },
        {
          does: say`The seconds that 99% of requests keep. The objective is ${objective.p99Latency.toMilliseconds() / 1000}`,
          queries: [
            `histogram_quantile(0.99, sum by (le) (rate(${metrics.requestSeconds.name}_bucket${of})))`,
          ],
        },
        {
          does: say`The seconds of that which they waited for their turn: where it is most of them, replicas are missing`,
          queries: [
            `histogram_quantile(0.99, sum by (le) (rate(${metrics.queueSeconds.name}_bucket${of})))`,
          ],
        },
      ],
    },
  ];
}
