import { join } from 'node:path';
import { imageTag, literalEnvironment } from '../bed/kubelet/pod';
import type { Program } from '../bed/kubelet/program';

/** Plays a pod by echo.ts: on every port of the container, with the image's tag as its version. */
export const echo: Program = ({ pod, container, ip }) => ({
  command: process.execPath,
  args: [join(__dirname, 'echo.js')],
  env: {
    ...literalEnvironment(container),
    ECHO_IP: ip,
    ECHO_PORTS: (container.ports ?? []).map(({ containerPort }) => containerPort).join(','),
    ECHO_POD: pod.metadata.name,
    ECHO_VERSION: imageTag(container.image),
  },
});
