import { join } from 'node:path';
import { Child } from '../support/child';
import type { ApiAddress } from './api-server';
import type { Certificates } from './certificates';
import { writeKubeconfig } from './kubeconfig';

/** Every controller of Kubernetes, against an API server on loopback. */
export function startControllers(
  binary: string,
  folder: string,
  address: ApiAddress,
  { authority, serviceAccount }: Certificates,
): Child {
  const kubeconfig = join(folder, 'controllers.kubeconfig');
  writeKubeconfig(kubeconfig, { controllers: address }, 'controllers');
  const flags = {
    kubeconfig,
    'secure-port': '0',
    'leader-elect': 'false',
    'root-ca-file': authority,
    'service-account-private-key-file': serviceAccount.privateKey,
    // Autoscalers decide as often as tests look, and count what a pod uses from its first seconds on.
    'horizontal-pod-autoscaler-sync-period': '1s',
    'horizontal-pod-autoscaler-cpu-initialization-period': '5s',
    'horizontal-pod-autoscaler-initial-readiness-delay': '1s',
  };
  return start('kube-controller-manager', binary, folder, flags);
}

/** Gives pods nodes. */
export function startScheduler(binary: string, folder: string, address: ApiAddress): Child {
  const kubeconfig = join(folder, 'scheduler.kubeconfig');
  writeKubeconfig(kubeconfig, { scheduler: address }, 'scheduler');
  const flags = { kubeconfig, 'secure-port': '0', 'leader-elect': 'false' };
  return start('kube-scheduler', binary, folder, flags);
}

function start(
  name: string,
  binary: string,
  folder: string,
  flags: Readonly<Record<string, string>>,
): Child {
  return Child.start(
    name,
    binary,
    Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`),
    { logFile: join(folder, `${name}.log`) },
  );
}
