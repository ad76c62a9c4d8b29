import { ConstructError } from '../construct-error';
import type { EndpointSpec } from '../engines/lowering';
import type { Site } from '../site';

/**
 * Holds an endpoint to what its sites' meshes can and what they cannot.
 *
 * @throws ConstructError MANARA_MESH
 */
export function checkMeshes(endpoint: EndpointSpec, sites: readonly Site[]): void {
  const meshed = sites.find(({ mesh }) => mesh !== undefined);
  const plain = sites.find(({ mesh }) => mesh === undefined);
  if (plain !== undefined) checkWithout(endpoint, plain);
  if (meshed !== undefined) checkWith(endpoint, meshed);
}

function checkWithout({ path, access }: EndpointSpec, { node }: Site): void {
  for (const [i, { peer, verbs, versions }] of access.entries()) {
    const asked = Object.entries({ verbs, versions }).find(([, value]) => value !== undefined);
    if (asked !== undefined) {
      refuse(
        path,
        `callers.${i}.${asked[0]}: only a mesh knows callers and what they ask; expected mesh of site "${node.path}", received none; fix: mesh: ServiceMesh.istio(), or identity and rules in server.config`,
      );
    }
    if ('serviceAccount' in peer.identity) {
      refuse(
        path,
        `callers.${i}: only a mesh tells service accounts apart; expected mesh of site "${node.path}", received none; fix: mesh: ServiceMesh.istio(), or Peer.pods`,
      );
    }
  }
}

function checkWith({ path, access, server }: EndpointSpec, { node }: Site): void {
  const outside = access.findIndex(({ peer }) => peer.cidrs.length > 0);
  if (outside >= 0) {
    refuse(
      path,
      `callers.${outside}: with mutual TLS only pods of the mesh of site "${node.path}" are let in; expected a service account, pods or a namespace, received addresses ${access[outside]?.peer.cidrs.join(', ') ?? ''}; fix: let them in by a gateway, whose service account is the caller`,
    );
  }
  // Rules and limits need it, and go with it.
  if (server?.config.identity === undefined) return;
  refuse(
    path,
    `server.config.identity: the mesh of site "${node.path}", and the gateway before it, know callers and let them in; expected none, received identity; fix: callers with verbs and versions, tokens and limits at the gateway`,
  );
}

function refuse(at: string, message: string): never {
  throw new ConstructError('MANARA_MESH', at, message);
}
