import { container, metrics } from '@manara/contract';
import { unlessAbsent } from '../../absent';
import type { DossierPart } from '../../dossier/dossier-part';
import { say } from '../../dossier/text';
import type { LoweredWorkload } from '../lowering';

/** What the bundled server adds: digests checked in the pod, and what its metrics say. */
export function describeServer(workload: LoweredWorkload): DossierPart {
  const { endpoint, site, controller } = workload;
  const owner = endpoint.path;
  const { identity, limits } = endpoint.server?.config ?? {};
  const at = say`${endpoint.name} at ${site.node.id}`;
  const store = unlessAbsent(site.metrics)?.uri;
  const failures = `sum by (reason) (rate(${metrics.requestFailure.name}{model="${endpoint.name}"}[5m]))`;
  const quantile = `histogram_quantile(0.99, sum by (le) (rate(${metrics.requestSeconds.name}_bucket{model="${endpoint.name}"}[5m])))`;
  return {
    controls: [
      {
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
      },
      ...(identity === undefined
        ? []
        : [
            {
              owner,
              what: say`The server of ${at} asks callers who they are, and answers what its rules allow`,
              at: 'server' as const,
              evidence: [{ said: say`${'identity'} and ${'rules'} of its configuration, in the annotation ${'manara.dev/config'} of its pods` }],
            },
          ]),
      ...(limits === undefined
        ? []
        : [
            {
              owner,
              what: say`The server of ${at} limits how much it is asked`,
              at: 'server' as const,
              evidence: [{ said: say`${'limits'} of its configuration, in the annotation ${'manara.dev/config'} of its pods` }],
            },
          ]),
    ],
    gates: [
      {
        stage: 'run',
        name: `Digests of ${endpoint.name} at ${site.node.id}`,
        checks: say`The SHA-256 of each version's weights, before the server of ${endpoint.name} starts`,
      },
    ],
    runbooks:
      store === undefined
        ? []
        : [
            {
              practice: 'incident',
              title: `What the metrics of ${endpoint.name} say at ${site.node.id}`,
              when: say`It is not clear whether ${endpoint.name} fails, or how slow it is`,
              steps: [
                {
                  does: say`In the metrics at ${store}: requests that fail, by reason. ${failures}`,
                },
                {
                  does: say`The time that 99% of requests keep, in seconds; the objective is ${endpoint.objective.p99Latency.toSeconds({ integral: false })}. ${quantile}`,
                },
              ],
            },
          ],
  };
}
