import type { ApiObject } from 'cdk8s';
import type { LoweredWorkload } from '../engines/lowering';
import { recordAt } from '../manifest';
import type { ModelEndpoint } from '../model-endpoint';
import type { DossierContext, Runbook, RunbookStep } from './dossier-part';
import { copyRunbooks } from './copy-runbook';
import { objectsBelow } from './objects';
import { kubectl, objectName, selector, shell } from './shell';
import { list, replicas, say, type Text } from './text';

/** What people do about an endpoint, with the names that its objects have. */
export function endpointRunbooks(
  endpoint: ModelEndpoint,
  context: DossierContext,
): readonly Runbook[] {
  return [
    incident(endpoint),
    change(endpoint, context),
    capacity(endpoint, context),
    ...endpoint.workloads.flatMap(({ site }) =>
      copyRunbooks(
        site,
        objectsBelow(site.node.tryFindChild(endpoint.name)),
        `Weights of ${endpoint.name} are not copied to ${site.node.id}`,
      ),
    ),
  ];
}

function incident(endpoint: ModelEndpoint): Runbook {
  const { name, objective, workloads } = endpoint;
  const each = (command: (workload: LoweredWorkload) => string): readonly string[] =>
    workloads.map(command);
  return {
    practice: 'incident',
    title: `${name} fails, or is slow`,
    when: say`Callers of ${name} get errors, or wait longer than ${objective.p99Latency.toMilliseconds()} ms`,
    steps: [
      {
        does: say`Are its pods ready, and which image and node do they have?`,
        commands: each(({ site, podLabels }) =>
          kubectl(site, 'get', 'pods', '-l', selector(podLabels), '-o', 'wide'),
        ),
      },
      {
        does: say`What do they say? The last hour's log`,
        commands: each(({ site, podLabels }) =>
          kubectl(
            site,
            'logs',
            '-l',
            selector(podLabels),
            '--all-containers',
            '--since=1h',
            '--tail=-1',
            '--prefix',
          ),
        ),
      },
      {
        does: say`Does it answer from within? The API server forwards the port, whatever the network policy says; one site at a time`,
        commands: each(({ site, service }) =>
          kubectl(site, 'port-forward', objectName(service), '8000:8000'),
        ),
      },
      {
        does: say`In another shell, while the port is forwarded`,
        commands: [
          shell('curl', '-i', 'http://127.0.0.1:8000/v2/health/ready'),
          shell('curl', '-i', `http://127.0.0.1:8000/v2/models/${name}/ready`),
        ],
      },
      ...undoSteps(endpoint),
    ],
  };
}

/** Going back is a matter of what keeps the generations of pods. */
function undoSteps({ name, workloads }: ModelEndpoint): readonly RunbookStep[] {
  const undone = workloads.flatMap(({ site, controller }) => {
    const command = undo[controller.kind];
    return command === undefined ? [] : [command(site, controller)];
  });
  if (undone.length === 0) return [];
  return [
    {
      does: say`Did it begin with a change of ${name}? Go back to the generation before: pods keep their configuration with it. Then change the program as well, or the next deployment brings the fault again`,
      commands: undone,
    },
  ];
}

type OnController = (site: LoweredWorkload['site'], controller: ApiObject) => string;

const undo: Readonly<Record<string, OnController | undefined>> = {
  Deployment: (site, controller) => kubectl(site, 'rollout', 'undo', objectName(controller)),
  Rollout: (site, { name }) => rollouts(site, 'undo', name),
};

const status: Readonly<Record<string, OnController | undefined>> = {
  Deployment: (site, controller) => {
    const seconds = recordAt(controller.toJson(), 'spec')?.progressDeadlineSeconds;
    const limit = typeof seconds === 'number' ? [`--timeout=${seconds}s`] : [];
    return kubectl(site, 'rollout', 'status', objectName(controller), ...limit);
  },
  Rollout: (site, { name }) => rollouts(site, 'status', name),
};

/** Argo Rollouts' own plug-in of kubectl. */
function rollouts(
  { node, namespaceName }: LoweredWorkload['site'],
  verb: string,
  name: string,
): string {
  const flags = ['--context', node.id, '-n', namespaceName];
  return shell('kubectl', 'argo', 'rollouts', ...flags, verb, name);
}

function change(endpoint: ModelEndpoint, { manara }: DossierContext): Runbook {
  const { name, versions, defaultVersion, workloads } = endpoint;
  const numbers = versions.map(({ number }) => String(number));
  const next = Math.max(...versions.map(({ number }) => number)) + 1;
  const buckets = [...new Set(versions.map(({ artifact }) => artifact.bucket.uri))];
  const watched = workloads.flatMap(({ site, controller }) => {
    const command = status[controller.kind];
    return command === undefined ? [] : [command(site, controller)];
  });
  return {
    practice: 'change',
    title: `Serve a new version of ${name}`,
    when: say`A model is to follow ${[numbers.length === 1 ? 'version' : 'versions']} ${list(numbers)}, of which ${String(defaultVersion)} answers where a caller names none`,
    steps: [
      {
        does: say`Publish the weights in ${list(buckets)} and add ${`new ModelVersion(${next}, …)`} to the endpoint's ${'versions'}. Keep the version before: callers may go on naming it`,
      },
      {
        does: say`See that the change is lawful, then bring it to the sites`,
        commands: [manara('audit')],
      },
      ...(watched.length === 0
        ? []
        : [{ does: say`Wait until every pod is of the new generation`, commands: watched }]),
      {
        does: say`Ask for the new version by its number before you let it be the default`,
        commands: [
          shell('curl', '-i', `http://127.0.0.1:8000/v2/models/${name}/versions/${next}/ready`),
        ],
      },
    ],
  };
}

function capacity(endpoint: ModelEndpoint, { manara, pulumi }: DossierContext): Runbook {
  const { name, traffic, workloads } = endpoint;
  return {
    practice: 'capacity',
    title: `${name} needs more`,
    when: say`It is asked more than ${traffic.peakRequestsPerSecond} times a second, or its replicas stay at their most`,
    steps: [
      ...workloads.map((workload) => ({
        does: say`At ${workload.site.node.id}: ${replicasOf(workload)}`,
        commands: [
          kubectl(workload.site, 'get', objectName(workload.autoscaler)),
          kubectl(workload.site, 'top', 'pods', '-l', selector(workload.podLabels)),
        ],
      })),
      {
        does: say`Are pods pending for lack of nodes? Their events say so`,
        commands: workloads.map(({ site, podLabels }) =>
          kubectl(
            site,
            'get',
            'pods',
            '-l',
            selector(podLabels),
            '--field-selector=status.phase=Pending',
          ),
        ),
      },
      {
        does: say`Say the new peak in the program, ${'traffic.peakRequestsPerSecond'} of ${name}: replicas and their limits follow from it`,
        commands: [pulumi?.('preview', '--diff') ?? manara('synth', '-o', 'dist')],
      },
    ],
  };
}

function replicasOf({ autoscaler, capacity }: LoweredWorkload): Text {
  const { minReplicas, maxReplicas } = {
    minReplicas: capacity.idleReplicas,
    maxReplicas: undefined,
    ...recordAt(autoscaler.toJson(), 'spec'),
  } as { readonly minReplicas: unknown; readonly maxReplicas: unknown };
  const most = typeof maxReplicas === 'number' ? say`, at most ${maxReplicas}` : [];
  const least = typeof minReplicas === 'number' ? minReplicas : capacity.idleReplicas;
  return say`at least ${least} ${[replicas(least)]}, ${capacity.peakReplicas} at the busiest time${most}; a new replica answers within ${capacity.startupSeconds} s once its node has the image`;
}
