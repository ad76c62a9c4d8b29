import type {
  Control,
  DossierContext,
  DossierPart,
  Runbook,
  RunbookStep,
  Uncontrolled,
} from '../dossier/dossier-part';
import { copyRunbooks } from '../dossier/copy-runbook';
import { objectsBelow } from '../dossier/objects';
import { kubectl, objectName } from '../dossier/shell';
import { duration, list, say } from '../dossier/text';
import { unlessAbsent } from '../absent';
import { ModelEndpoint } from '../model-endpoint';
import type { ServingStack } from './serving-stack';

/** What a stack says of itself: what the loss of a place may cost, and what people do then. */
export function stackPart(stack: ServingStack, context: DossierContext): DossierPart {
  const { node, allSites, recovery, imageSite } = stack;
  const copies = imageSite === undefined ? [] : objectsBelow(imageSite.node.tryFindChild(node.id));
  return {
    blocks: [
      {
        kind: 'architecture',
        id: node.path,
        name: `Continuity of ${node.id}`,
        does: say`Once a place is lost, the rest of ${list(allSites.map((site) => site.node.id))} carries all traffic within ${duration(recovery.time.toSeconds())}, and has every weight and image that is older than ${duration(recovery.point.toSeconds())}`,
      },
      ...(imageSite === undefined
        ? []
        : [
            {
              kind: 'solution' as const,
              id: `${node.path}/images`,
              name: `Image copies of ${node.id}`,
              does: say`Brings the images of ${imageSite.images.prefix} to ${list(allSites.filter((site) => site !== imageSite).map(({ images }) => images.prefix))}`,
              realizes: [node.path],
              site: imageSite.node.id,
              place: imageSite.place,
              objects: copies,
            },
          ]),
    ],
    controls: endpointsOf(stack).map((endpoint) => recoveryControl(stack, endpoint)),
    uncontrolled: [cost(stack)],
    runbooks: [
      drill(stack, context),
      loss(stack, context),
      ...(imageSite === undefined
        ? []
        : copyRunbooks(imageSite, copies, `Images are not copied by ${node.id}`)),
    ],
  };
}

/** Endpoints that the stack holds to its promise: those on at least two of its sites. */
function endpointsOf(stack: ServingStack): readonly ModelEndpoint[] {
  return stack.zone.node.children.filter(
    (child): child is ModelEndpoint =>
      ModelEndpoint.isModelEndpoint(child) && stack.recoveryOf(child) !== undefined,
  );
}

function recoveryControl(stack: ServingStack, endpoint: ModelEndpoint): Control {
  const computed = stack.recoveryOf(endpoint);
  return {
    owner: stack.node.path,
    what: say`${endpoint.name} outlives the loss of a place as ${stack.node.id} promises, or the program is refused`,
    at: 'synth',
    evidence: [
      {
        said: say`computed: first answer after ${duration(computed?.firstAnswerSeconds ?? 0)}, all traffic after ${duration(computed?.fullCapacitySeconds ?? 0)} where ${duration(stack.recovery.time.toSeconds())} are promised; weights missing for at most ${duration(computed?.pointSeconds ?? 0)} where ${duration(stack.recovery.point.toSeconds())} are promised`,
      },
    ],
  };
}

function cost(stack: ServingStack): Uncontrolled {
  return {
    owner: stack.node.path,
    what: say`That callers are led to another site within ${duration(stack.failover.toSeconds())}, which the computed times begin with`,
    instead: say`Measure it with an exercise, and correct ${'failover'} of ${stack.node.id}`,
  };
}

function siteArguments(stack: ServingStack): readonly string[] {
  return stack.allSites.flatMap(({ node, namespaceName }) => [
    '--site',
    `${node.id}=http://{endpoint}.${namespaceName}.svc.${node.id}.example:8000`,
  ]);
}

function drill(stack: ServingStack, { manara }: DossierContext): Runbook {
  return {
    practice: 'continuity',
    title: `Show that the sites of ${stack.node.id} can stand in for each other`,
    when: say`Before an audit, after a change of sites or stores, and at least as often as your plan says`,
    steps: [
      {
        does: say`Compare what every site answers, and what the loss of one would cost. Nothing is changed. Put the addresses that reach each site in place of those of ${'.example'}`,
        commands: [manara('drill', ...siteArguments(stack))],
      },
      {
        does: say`Keep the report as evidence`,
        commands: [`${manara('drill', ...siteArguments(stack), '--json')} > drill.json`],
      },
    ],
  };
}

/** What people do once a site is lost: the others grow by themselves, or are told to. */
function loss(stack: ServingStack, { manara }: DossierContext): Runbook {
  const [first] = stack.sites;
  const others = stack.allSites.filter((site) => site !== first);
  const endpoints = endpointsOf(stack);
  const grown = others.flatMap((site) =>
    endpoints.flatMap((endpoint) =>
      endpoint.workloads
        .filter((workload) => workload.site === site)
        .map(({ autoscaler }) => kubectl(site, 'get', objectName(autoscaler), '--watch')),
    ),
  );
  const warm = unlessAbsent(stack.standby);
  const who =
    warm === undefined
      ? say`the others carry its traffic already`
      : say`${warm.node.id} is kept warm, and grows with what it is asked`;
  return {
    practice: 'continuity',
    title: `${first.node.id} is lost`,
    when: say`Place ${first.place} does not answer; ${who}`,
    steps: [
      {
        does: say`Is it lost, or is it the way to it? The report names the sites that do not answer, and compares the rest`,
        commands: [manara('drill', ...siteArguments(stack))],
      },
      {
        does: say`Callers have to be led to ${list(others.map(({ node }) => node.id))} within ${duration(stack.failover.toSeconds())}. Watch the others grow`,
        commands: grown,
      },
      ...scaleSteps(stack, endpoints),
      {
        does: say`When ${first.place} is back, look at its pods before callers are led there again`,
        commands: [kubectl(first, 'get', 'pods', '-o', 'wide')],
      },
    ],
  };
}

/** A standby that has to be as large as its primary at once, without waiting for its autoscaler. */
function scaleSteps(
  stack: ServingStack,
  endpoints: readonly ModelEndpoint[],
): readonly RunbookStep[] {
  const warm = unlessAbsent(stack.standby);
  const raised = endpoints.flatMap(({ workloads }) =>
    workloads
      .filter(
        ({ site, role, capacity }) =>
          site === warm && role === 'standby' && capacity.peakReplicas > capacity.idleReplicas,
      )
      .map(({ site, autoscaler, capacity }) =>
        kubectl(
          site,
          'patch',
          objectName(autoscaler),
          '--type=merge',
          '-p',
          JSON.stringify({ spec: { minReplicas: capacity.peakReplicas } }),
        ),
      ),
  );
  if (raised.length === 0) return [];
  return [
    {
      does: say`Do not wait for the autoscaler where you know that the loss will last: ask for as many replicas as the busiest time takes. The next deployment puts it back`,
      commands: raised,
    },
  ];
}
