import { ConstructError } from '../../construct-error';
import type { Workload } from '../lowering';

/**
 * Refuses what an endpoint asks for and its engine cannot do. Better at synth than a cache that is silently
 * none.
 *
 * @param engine `Triton`, for messages
 * @throws ConstructError MANARA_ENGINE
 */
export function refuseUnsupported({ endpoint, site }: Workload, engine: string): void {
  const refuse = (message: string): never => {
    throw new ConstructError('MANARA_ENGINE', endpoint.path, message);
  };
  const parts = Object.keys(endpoint.server?.config ?? {});
  if (endpoint.server !== undefined) {
    refuse(
      `server: ${engine} has none of the bundled server's parts; expected nothing, received ${parts.join(', ') || 'an object'}; fix: leave it out, or ServingEngine.onnx()`,
    );
  }
  if (endpoint.routes !== undefined && site.mesh === undefined) {
    refuse(
      `routes: ${engine} divides no requests between versions, and site "${site.node.id}" has no mesh that does; expected nothing; fix: leave them out, a mesh, or ServingEngine.onnx()`,
    );
  }
  const explained = endpoint.weights.find(({ artifact }) => artifact.explanation !== undefined);
  if (explained !== undefined) {
    refuse(
      `versions: ${engine} explains nothing; expected artifacts without explanation, received version ${explained.number} with one; fix: leave it out, or ServingEngine.onnx()`,
    );
  }
  const highest = endpoint.versions.at(-1)?.number;
  if (endpoint.defaultVersion !== highest) {
    refuse(
      `defaultVersion: ${engine} answers with the highest version where the path names none; expected ${highest}, received ${endpoint.defaultVersion}; fix: leave it out, leave higher versions out, or ServingEngine.onnx()`,
    );
  }
}
