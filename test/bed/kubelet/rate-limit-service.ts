import { literalEnvironment } from './pod';
import { Mounts } from './mounts';
import type { Program } from './program';

/**
 * Plays a pod by Envoy's rate-limit service, on the pod's address, with the configuration of the pod.
 *
 * @param redis - `host:port` of the one to count in, without TLS, whatever the pod says
 */
export function rateLimitService(binary: string, redis: string): Program {
  return async (place) => {
    const { container, ip } = place;
    const mounts = await Mounts.of(place);
    const env = literalEnvironment(container);
    const { RUNTIME_ROOT = '', RUNTIME_SUBDIRECTORY = '' } = env;
    const configFolder = `${RUNTIME_ROOT}/${RUNTIME_SUBDIRECTORY}/config`;
    return {
      command: binary,
      args: [],
      env: {
        ...env,
        HOST: ip,
        GRPC_HOST: ip,
        DEBUG_HOST: ip,
        REDIS_URL: redis,
        REDIS_TLS: 'false',
        // What is mounted is one folder; the service is told where it is in two parts.
        RUNTIME_ROOT: mounts.pathOf(configFolder),
        RUNTIME_SUBDIRECTORY: '',
        RUNTIME_APPDIRECTORY: '.',
      },
    };
  };
}
