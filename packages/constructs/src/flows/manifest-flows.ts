import type { DataFlow, ResidencyZone, UndeclaredFlow } from '@manara/residency';
import { ApiObject } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { declaresFlows, otherNamespaces, ownsNamespaces } from './data-flows';
import { recordAt, textAt } from '../manifest';
import { egress, type Find } from './scan/find';
import { scopeOfKind } from './scan/known-kinds';
import { istioFinds } from './scan/istio';
import { endsAt, type KnownEnds, noEnds } from './scan/known-ends';
import { networkFinds } from './scan/network';
import { nodeFinds } from './scan/nodes';
import { podFinds } from './scan/pods';
import { textFinds } from './scan/texts';
import { Site } from '../site';
import { isZone } from '../zone-brand';

/**
 * What a site's manifests would let out, or in, that no construct declared. The world is closed: an
 * object of plain cdk8s beside Manara's is held to the same flows.
 */
export function undeclaredFlows(
  site: Site,
  declared: readonly DataFlow[],
  root: IConstruct = site,
): readonly UndeclaredFlow[] {
  const known = endsAt(site, declared);
  return root.node
    .findAll()
    .filter((c) => ApiObject.isApiObject(c))
    .flatMap((object) => {
      const manifest: unknown = object.toJson();
      return distinct([
        ...findsIn(object, manifest, known),
        ...foreignNamespace(object, manifest, site.namespaceName),
      ]).map((find) => ({ ...undeclared(site.zone, object, find), at: site.place }));
    });
}

/**
 * The same of what lies in no site: in a chart of the zone, or, for the first zone of a tree, in one beside
 * its zones. No flow begins or ends there, so objects that move nothing pass and workloads do not.
 */
export function undeclaredOutsideSites(zone: Construct & ResidencyZone): readonly UndeclaredFlow[] {
  const all = zone.node.root.node.findAll();
  const first = all.find(isZone);
  const known = noEnds(zone.places);
  return all
    .filter((c) => ApiObject.isApiObject(c))
    .filter(({ node: { scopes } }) => !scopes.some((scope) => Site.isSite(scope)))
    .filter(({ node: { scopes } }) => (scopes.find(isZone) ?? first) === zone)
    .flatMap((object) =>
      distinct(findsIn(object, object.toJson(), known)).map((find) =>
        undeclared(zone, object, find),
      ),
    );
}

function findsIn(object: ApiObject, manifest: unknown, known: KnownEnds): readonly Find[] {
  return [
    ...unknownKind(object),
    ...podFinds(manifest, known),
    ...networkFinds(object.kind, manifest, known, object.node.scopes.some(declaresFlows)),
    ...nodeFinds(object.kind, manifest, known),
    ...istioFinds(object, manifest, known),
    ...textFinds(manifest, known),
  ];
}

function undeclared(zone: ResidencyZone, object: ApiObject, find: Find): UndeclaredFlow {
  return {
    status: 'undeclared',
    kind: find.kind,
    owner: object.node.path,
    dataClasses: zone.data,
    evidence: `${object.kind} "${object.name}" ${find.evidence}`,
    fix: find.fix,
  };
}

/** A construct that declares its flows answers for the kinds that it makes. */
function unknownKind(object: ApiObject): readonly Find[] {
  if (scopeOfKind(object) !== undefined || object.node.scopes.some(declaresFlows)) return [];
  return [
    egress(
      `is of ${object.apiVersion}, a kind that may open a way out of the zone`,
      'make it a child of a construct that declares its flows, or remove it',
    ),
  ];
}

/** In another namespace the site's default deny does not hold, nor its Pod Security. */
function foreignNamespace(object: ApiObject, manifest: unknown, own: string): readonly Find[] {
  const scope = scopeOfKind(object);
  const namespace = textAt(recordAt(manifest, 'metadata'), 'namespace');
  if (scope === 'cluster' || namespace === own) return [];
  if (namespace !== undefined && isOwned(object, namespace)) return [];
  if (scope === undefined && namespace === undefined) return [];
  return [
    egress(
      `lies in ${namespace === undefined ? 'no namespace' : `namespace "${namespace}"`}, not in the site's "${own}"`,
      `leave metadata.namespace out, in a chart of the site; its own is "${own}"`,
    ),
  ];
}

/** A construct may have a namespace of its own in the site, and answers for it. */
function isOwned({ node }: ApiObject, namespace: string): boolean {
  return node.scopes
    .filter(ownsNamespaces)
    .some((construct) => construct[otherNamespaces]().includes(namespace));
}

function distinct(finds: readonly Find[]): readonly Find[] {
  return [...new Map(finds.map((find) => [`${find.kind} ${find.evidence}`, find])).values()];
}
