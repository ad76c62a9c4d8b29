import { join } from 'node:path';
import { Child } from '../support/child';
import type { ApiAddress } from './api-server';
import type { Certificates } from './certificates';
import { writeKubeconfig } from './kubeconfig';

/** Every controller of Kubernetes, against an API server on loopback; there are no nodes to run pods. */
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
  };
  return Child.start(
    'kube-controller-manager',
    binary,
    Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
    { logFile: join(folder, 'kube-controller-manager.log') },
  );
}
