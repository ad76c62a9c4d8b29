import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** A key pair on disk, PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** What a control plane on loopback needs; paths of PEM files. */
export interface Certificates {
  readonly authority: string;
  readonly server: KeyPair;
  readonly admin: KeyPair;
  /** Signs and verifies service account tokens. */
  readonly serviceAccount: { readonly privateKey: string; readonly publicKey: string };
}

/** Makes the certificates of a control plane in a folder, with openssl 3; they last two days. */
export function makeCertificates(folder: string): Certificates {
  const authority = pair(folder, 'authority', '/CN=manara-test-bed');
  const signedBy = ['-CA', authority.certificate, '-CAkey', authority.key];
  const names = 'subjectAltName=IP:127.0.0.1,IP:10.96.0.1,DNS:localhost,DNS:kubernetes.default.svc';
  const privateKey = join(folder, 'service-account.key');
  const publicKey = join(folder, 'service-account.pub');
  openssl('genpkey', ...ellipticKey, '-out', privateKey);
  openssl('pkey', '-in', privateKey, '-pubout', '-out', publicKey);
  return {
    authority: authority.certificate,
    server: pair(folder, 'server', '/CN=kube-apiserver', ...signedBy, '-addext', names),
    admin: pair(folder, 'admin', '/O=system:masters/CN=admin', ...signedBy),
    serviceAccount: { privateKey, publicKey },
  };
}

/** Makes a self-signed certificate of a server with these host names, which stands for its own authority. */
export function makeServerCertificate(folder: string, ...hosts: readonly string[]): KeyPair {
  const names = `subjectAltName=${hosts.map((host) => `DNS:${host}`).join(',')}`;
  return pair(folder, 'gateway', `/CN=${hosts[0] ?? ''}`, '-addext', names);
}

const ellipticKey = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'];

function pair(
  folder: string,
  name: string,
  subject: string,
  ...options: readonly string[]
): KeyPair {
  const key = join(folder, `${name}.key`);
  const certificate = join(folder, `${name}.crt`);
  openssl('genpkey', ...ellipticKey, '-out', key);
  const request = ['req', '-x509', '-new', '-days', '2', '-subj', subject, '-key', key];
  openssl(...request, '-out', certificate, ...options);
  return { certificate, key };
}

function openssl(...args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
