import { isOnPrem, type Place } from '@manara/residency';
import { Absent } from '../absent';
import type { Site } from '../site';
import { drift, fileRunbooks } from './change-runbook';
import type {
  BuildingBlock,
  Control,
  DossierContext,
  DossierPart,
  Uncontrolled,
} from './dossier-part';
import { mergeParts } from './dossier-part';
import { groupOf, objectsBelow } from './objects';
import { kubectl, kubectlFiles } from './shell';
import { say } from './text';

/** What a site says of itself: where it runs, what it sends where, what its namespace refuses. */
export function sitePart(site: Site, context: DossierContext): DossierPart {
  const own: DossierPart = {
    blocks: [clusterBlock(site), registryBlock(site), ...sinkBlocks(site)],
    controls: controls(site),
    uncontrolled: uncontrolled(site),
    gates:
      context.pulumi !== undefined
        ? []
        : [
            {
              stage: 'deploy',
              name: `Dry run at ${site.node.id}`,
              checks: say`Whether the API server takes each object as it is: its schema, its admission and, in namespace ${site.namespaceName}, Pod Security`,
              command: `${kubectlFiles(site, 'apply')} --dry-run=server --validate=strict`,
            },
          ],
    runbooks: [
      ...fileRunbooks(site, context),
      {
        practice: 'incident',
        title: `Something is wrong at ${site.node.id}`,
        when: say`An alarm, or a caller, names site ${site.node.id} and no endpoint`,
        steps: [
          {
            does: say`Look at what runs in namespace ${site.namespaceName}, and what Kubernetes says of it`,
            commands: [
              kubectl(site, 'get', 'pods', '-o', 'wide'),
              kubectl(site, 'get', 'events', '--sort-by=.lastTimestamp'),
            ],
          },
          {
            does: say`Look for objects that are not as the program describes them: whatever this prints was changed by somebody else, or is not applied yet`,
            commands: drift(site, context),
          },
        ],
      },
    ],
  };
  return mergeParts([own, site.mesh?.describe(site) ?? {}]);
}

function clusterBlock(site: Site): BuildingBlock {
  const { id, path } = site.node;
  return {
    kind: 'technology',
    id: path,
    name: isOnPrem(site.place) ? `Cluster or node ${id}` : `Cluster ${id}`,
    does: say`Runs namespace ${site.namespaceName}`,
    realizes: [site.zone.node.path],
    site: id,
    place: site.place,
    objects: objectsBelow(site).filter((object) => groupOf(object, site) === undefined),
  };
}

function registryBlock({ images, node }: Site): BuildingBlock {
  return {
    kind: 'technology',
    id: `${images.place} ${images.prefix}`,
    name: `Image registry of ${node.id}`,
    does: say`Holds the images that the nodes pull, at ${images.prefix}`,
    site: node.id,
    place: images.place,
  };
}

/** What a site sends to, as far as it was said: a cast, or plain JavaScript, may have left it out. */
type GivenSink = { readonly place: Place; readonly uri: string } | Absent | undefined;

function sinkBlocks({ node, logs, metrics, traces, backup }: Site): readonly BuildingBlock[] {
  const sinks: readonly (readonly [title: string, sink: GivenSink])[] = [
    ['Log store', logs],
    ['Metrics store', metrics],
    ['Trace collector', traces],
    ['Backup vault', backup],
  ];
  return sinks.flatMap(([title, sink]): readonly BuildingBlock[] =>
    sink === undefined || Absent.isAbsent(sink)
      ? []
      : [
          {
            kind: 'technology',
            id: `${sink.place} ${sink.uri}`,
            name: `${title} of ${node.id}`,
            does: say`Keeps what it receives, at ${sink.uri}`,
            site: node.id,
            place: sink.place,
          },
        ],
  );
}

function controls(site: Site): readonly Control[] {
  const owner = site.node.path;
  const [namespace] = objectsBelow(site, 'Namespace');
  const deny = objectsBelow(site, 'NetworkPolicy').find(({ name }) => name === 'default-deny');
  return [
    ...(namespace === undefined
      ? []
      : [
          {
            owner,
            what: say`Kubernetes refuses pods that run as root, gain privileges or share the node, in namespace ${site.namespaceName}`,
            at: 'admission' as const,
            evidence: [
              {
                object: namespace,
                field: '/metadata/labels/pod-security.kubernetes.io~1enforce',
                equals: 'restricted',
              },
            ],
          },
        ]),
    ...(deny === undefined
      ? []
      : [
          {
            owner,
            what: say`No pod of namespace ${site.namespaceName} reaches anything or is reached, unless a policy of its own opens the way`,
            at: 'network' as const,
            evidence: [
              { object: deny, field: '/spec/policyTypes', equals: ['Ingress', 'Egress'] },
              { object: deny, field: '/spec/podSelector', equals: {} },
            ],
          },
        ]),
  ];
}

function uncontrolled(site: Site): readonly Uncontrolled[] {
  const owner = site.node.path;
  const agents = Object.entries({ logs: site.logs, metrics: site.metrics, backups: site.backup })
    .filter(
      ([, sink]: readonly [string, GivenSink]) => sink !== undefined && !Absent.isAbsent(sink),
    )
    .map(([what]) => what);
  return [
    {
      owner,
      what: say`A NetworkPolicy holds only where the cluster's network plug-in enforces it, which nothing in Kubernetes shows`,
      instead: say`Have the network of site ${site.node.id} tested: a pod in namespace ${site.namespaceName} without a policy of its own must not reach another`,
    },
    ...(agents.length === 0
      ? []
      : [
          {
            owner,
            what: say`What sends ${[agents.join(', ')]} of site ${site.node.id} to the declared addresses is not part of this program`,
            instead: say`Compare the agents' own configuration with the addresses under "Data flows"`,
          },
        ]),
  ];
}
