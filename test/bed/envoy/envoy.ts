import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../support/paths';
import { pythonWith } from '../../support/python';
import type { ApiServer } from '../api-server';
import type { Program } from '../kubelet/program';
import { adminPort, bootstrap } from './bootstrap';

/** Path of Envoy; `undefined`, with the reason on stderr, where this machine cannot have it. */
export function envoyBinary(): string | undefined {
  const python = pythonWith(join(repositoryRoot, 'test', 'bed', 'envoy', 'requirements.txt'));
  if (python === undefined) return undefined;
  const program =
    'import envoy, os; print(os.path.join(os.path.dirname(envoy.__file__), "_bin", "envoy"))';
  return execFileSync(python, ['-c', program], { encoding: 'utf8' }).trim();
}

/**
 * Runs a pod as a proxy of istiod's, which knows it by the token of its service account. Its admin
 * interface listens on the pod's address, as `/ready` there does.
 *
 * @param discovery - istiod's `host:port`
 */
export function envoyProgram(binary: string, discovery: string): Program {
  return async ({ pod, ip, folder, api }) => {
    const { namespace } = pod.metadata;
    const serviceAccount = pod.spec.serviceAccountName ?? 'default';
    const token = await serviceAccountToken(api, namespace, serviceAccount);
    const file = join(folder, 'envoy.json');
    writeFileSync(file, JSON.stringify(bootstrap({ pod, ip, discovery, serviceAccount, token })));
    const args = ['--config-path', file, '--concurrency', '1', '--disable-hot-restart'];
    return { command: binary, args: [...args, '--log-level', 'warning'] };
  };
}

/** Where an Envoy of a pod tells of itself. */
export function adminUrl(ip: string): string {
  return `http://${ip}:${adminPort}`;
}

async function serviceAccountToken(
  api: ApiServer,
  namespace: string,
  name: string,
): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
  const { status, body } = await api.request('POST', path, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { audiences: ['istio-ca'], expirationSeconds: 86_400 },
  });
  if (status !== 201) throw new Error(`no token of ${namespace}/${name}: ${JSON.stringify(body)}`);
  return (body as { readonly status: { readonly token: string } }).status.token;
}
