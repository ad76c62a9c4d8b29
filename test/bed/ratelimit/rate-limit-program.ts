import { Mounts } from '../kubelet/mounts';
import { literalEnvironment } from '../kubelet/pod';
import type { Program } from '../kubelet/program';

/** Plays a pod by Envoy's rate-limit service, with the environment and the mounted configuration of the pod. */
export function rateLimitProgram(binary: string): Program {
  return async (place) => {
    const mounts = await Mounts.of(place);
    const given = Object.entries(literalEnvironment(place.container));
    return {
      command: binary,
      args: [],
      env: {
        USE_STATSD: 'false',
        ...Object.fromEntries(given.map(([name, value]) => [name, mounts.pathOf(value)])),
        // All pods share this machine's ports.
        HOST: place.ip,
        GRPC_HOST: place.ip,
        DEBUG_HOST: place.ip,
      },
    };
  };
}
