import type { PlacedWorkload } from '../engines/lowering';
import type { ModelEndpoint } from '../model-endpoint';
import type { Control, Uncontrolled } from './dossier-part';
import { objectsBelow } from './objects';
import { peerNames } from './peer-names';
import { list, say, type Text } from './text';

const podSpec = '/spec/template/spec';
const ofEveryContainer = `${podSpec}/containers/*/securityContext`;

/** What protects an endpoint, whatever its engine. */
export function endpointControls(endpoint: ModelEndpoint): readonly Control[] {
  const owner = endpoint.node.path;
  return [
    ...endpoint.versions.map(({ number, artifact }): Control => {
      const local: Text =
        artifact.file === undefined
          ? say`stated in the program`
          : say`computed from the file when the program runs`;
      return {
        owner,
        what: say`Version ${number} of ${endpoint.name} is the file with SHA-256 ${artifact.sha256}, and no other`,
        at: 'synth',
        evidence: [{ said: say`the digest is ${local}` }],
      };
    }),
    ...endpoint.workloads.flatMap((workload) => workloadControls(owner, workload)),
  ];
}

function workloadControls(owner: string, workload: PlacedWorkload): readonly Control[] {
  const { endpoint, site, controller, imageDigest } = workload;
  const at = say`of ${endpoint.name} at ${site.node.id}`;
  const policies = objectsBelow(site.node.tryFindChild(endpoint.name), 'NetworkPolicy');
  const callers = endpoint.callers.flatMap(peerNames);
  return [
    {
      owner,
      what: say`Containers ${at} run as no root, write to no file of their image and gain no privileges`,
      at: 'admission',
      evidence: [
        { object: controller, field: `${ofEveryContainer}/runAsNonRoot`, equals: true },
        { object: controller, field: `${ofEveryContainer}/readOnlyRootFilesystem`, equals: true },
        {
          object: controller,
          field: `${ofEveryContainer}/allowPrivilegeEscalation`,
          equals: false,
        },
      ],
    },
    {
      owner,
      what: say`Pods ${at} have no token for the API server of Kubernetes`,
      at: 'admission',
      evidence: [
        { object: controller, field: `${podSpec}/automountServiceAccountToken`, equals: false },
      ],
    },
    ...(imageDigest === undefined
      ? []
      : [
          {
            owner,
            what: say`The image ${at} is pinned to a digest`,
            at: 'admission' as const,
            evidence: [{ object: controller, field: `${podSpec}/containers/*/image` }],
          },
        ]),
    ...policies.map((object): Control => {
      const isOwn = object.name === endpoint.name;
      return {
        owner,
        what: isOwn
          ? say`The policy of ${endpoint.name} at ${site.node.id} lets in ${callers.length === 0 ? ['no caller'] : list(callers)}, and lets out to what its flows name`
          : say`The policy ${object.name} at ${site.node.id} lets nobody in, and lets out to what the flows of ${endpoint.name} name`,
        at: 'network',
        evidence: [{ object, field: '/spec/policyTypes', equals: ['Ingress', 'Egress'] }],
      };
    }),
  ];
}

/** What nothing in the tree holds an endpoint to. */
export function endpointGaps(endpoint: ModelEndpoint): readonly Uncontrolled[] {
  const owner = endpoint.node.path;
  const identity = endpoint.server?.config.identity;
  const callers = endpoint.callers.flatMap(peerNames);
  const byTag = endpoint.workloads.filter(({ imageDigest }) => imageDigest === undefined);
  return [
    {
      owner,
      what: say`Who made the weights of ${endpoint.name}: a digest says that they are unchanged, and no signature is checked`,
      instead: say`Review the change that brings a new digest into the program`,
    },
    ...(byTag.length === 0
      ? []
      : [
          {
            owner,
            what: say`Which image serves ${endpoint.name} at ${list(byTag.map(({ site }) => site.node.id))}: it is known by a tag, which the registry may move`,
            instead: say`Give the engine ${'imageDigest'}, or let the registry refuse to move tags`,
          },
        ]),
    ...(identity === undefined && callers.length > 0
      ? [
          {
            owner,
            what: say`Who calls ${endpoint.name} among ${list(callers)}: its server answers everybody that the network lets in`,
            instead: say`Give the endpoint ${'server.config.identity'}, or let callers in through an InferenceGateway alone`,
          },
        ]
      : []),
    {
      owner,
      what: say`What is in the requests of ${endpoint.name}, and where its callers are`,
      instead: say`Keep the list of callers with those who own them`,
    },
  ];
}
