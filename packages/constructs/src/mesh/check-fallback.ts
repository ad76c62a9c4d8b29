import { ConstructError } from '../construct-error';
import type { EndpointSpec } from '../engines/lowering';
import type { Site } from '../site';

/** What is read of an endpoint that stands in for another. */
export interface FallbackEndpoint extends EndpointSpec {
  readonly workloads: readonly { readonly site: Site }[];
}

/**
 * Whether an endpoint can answer for another wherever that is.
 *
 * @throws ConstructError MANARA_MESH
 */
export function checkFallback(
  { path, name, versions, defaultVersion }: EndpointSpec,
  sites: readonly Site[],
  fallback: FallbackEndpoint,
): void {
  const refuse = (message: string): never => {
    throw new ConstructError('MANARA_MESH', path, `fallback: ${message}`);
  };
  const plain = sites.find(({ mesh }) => mesh === undefined);
  if (plain !== undefined) {
    refuse(
      `the mesh leads requests to it; expected a mesh of site "${plain.node.path}", received none; fix: mesh: ServiceMesh.istio(), or a chain of fallbacks in server.config`,
    );
  }
  const away = sites.find((site) => !fallback.workloads.some((one) => one.site === site));
  if (away !== undefined) {
    refuse(
      `expected an endpoint on site "${away.node.path}", received "${fallback.path}", which is not there`,
    );
  }
  if (fallback.server?.config.fallbacks?.[name]?.elsewhere !== true) {
    refuse(
      `expected an endpoint whose server stands in for "${name}", received "${fallback.path}"; fix: server: { config: { fallbacks: { '${name}': { elsewhere: true, chain: [{ model: '${fallback.name}' }] } } } } there`,
    );
  }
  const asked = tensorsOf({ versions, defaultVersion });
  const given = tensorsOf(fallback);
  if (asked === undefined || given === undefined || asked === given) return;
  refuse(
    `expected a model that takes and gives ${asked}; received "${fallback.path}" with ${given}`,
  );
}

/** Names and datatypes of what the default version takes and gives; nothing where that is not known. */
function tensorsOf({
  versions,
  defaultVersion,
}: Pick<EndpointSpec, 'versions' | 'defaultVersion'>): string | undefined {
  const signature = versions.find(({ number }) => number === defaultVersion)?.artifact.signature;
  if (signature === undefined) return undefined;
  const shown = (tensors: typeof signature.inputs): string =>
    tensors
      .map(({ name, datatype }) => `${name} ${datatype}`)
      .sort()
      .join(', ');
  return `${shown(signature.inputs)} -> ${shown(signature.outputs)}`;
}
