import { spawnSync } from 'node:child_process';

/** A command of a kubeconfig that gives a credential when one is needed. */
export interface ExecPlugin {
  readonly command: string;
  readonly args?: readonly string[];
}

/** A client certificate and its key, as PEM. */
export interface ClientCertificate {
  readonly certificate: Buffer;
  readonly key: Buffer;
}

/** What a command prints for clients of Kubernetes: an `ExecCredential`. */
export function execCredential({ certificate, key }: ClientCertificate): string {
  return JSON.stringify({
    apiVersion: 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    status: {
      clientCertificateData: certificate.toString('utf8'),
      clientKeyData: key.toString('utf8'),
    },
  });
}

/**
 * Runs the command, as clients of Kubernetes do.
 *
 * @throws Error with what it said, where it fails or prints no certificate
 */
export function runExecPlugin({ command, args = [] }: ExecPlugin): ClientCertificate {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  const said = [command, ...args].join(' ');
  if (error !== undefined) throw new Error(`kubeconfig: ${said}: ${error.message}`);
  if (status !== 0) throw new Error(`kubeconfig: ${said}: exit code ${String(status)}: ${stderr}`);
  const credential = JSON.parse(stdout) as {
    readonly status?: { readonly clientCertificateData?: string; readonly clientKeyData?: string };
  };
  const { clientCertificateData, clientKeyData } = credential.status ?? {};
  if (clientCertificateData === undefined || clientKeyData === undefined) {
    throw new Error(`kubeconfig: ${said}: printed no client certificate`);
  }
  return { certificate: Buffer.from(clientCertificateData), key: Buffer.from(clientKeyData) };
}
