import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child } from '../support/child';
import { freePorts } from '../support/free-ports';
import { type ApiAddress, ApiServer } from './api-server';
import { bedBinaries } from './binaries';
import { type Certificates, makeCertificates } from './certificates';
import { startControllers, startScheduler } from './controllers';
import { removeUnlessKept } from '../support/kept';

export interface ControlPlaneBinaries {
  readonly etcd: string;
  readonly 'kube-apiserver': string;
  /** Without it no namespace that is deleted ever goes away. @default - no controllers run */
  readonly 'kube-controller-manager'?: string;
  /** Without it no pod gets a node. @default - there is none */
  readonly 'kube-scheduler'?: string;
}

/** What a control plane needs, or `undefined`, with the reason on stderr, where that cannot be had. */
export function controlPlaneBinaries(): ControlPlaneBinaries | undefined {
  if (spawnSync('openssl', ['version']).status !== 0) {
    console.error('skip: no openssl on the PATH to make certificates with');
    return undefined;
  }
  return bedBinaries('etcd', 'kube-apiserver');
}

/**
 * etcd, kube-apiserver and, where given, controllers and scheduler on loopback, empty, with their data
 * and logs in a temporary folder.
 */
export class ControlPlane {
  private constructor(
    readonly api: ApiServer,
    /** How its administrator reaches it. */
    readonly address: ApiAddress,
    /** Temporary: what else runs on the plane may keep its files there. */
    readonly folder: string,
    readonly certificates: Certificates,
    private readonly children: readonly Child[],
  ) {}

  /** Starts them and waits until the API server says that it is ready; 5 to 10 s on two cores. */
  static async start(binaries: ControlPlaneBinaries): Promise<ControlPlane> {
    const folder = mkdtempSync(join(tmpdir(), 'manara-bed-'));
    const children: Child[] = [];
    try {
      const [client = 0, peer = 0, secure = 0] = await freePorts(3);
      const etcdUrl = `http://127.0.0.1:${client}`;
      children.push(startEtcd(binaries.etcd, folder, etcdUrl, `http://127.0.0.1:${peer}`));
      const certificates = makeCertificates(folder);
      const address = {
        url: `https://127.0.0.1:${secure}`,
        authority: readFileSync(certificates.authority),
        certificate: readFileSync(certificates.admin.certificate),
        key: readFileSync(certificates.admin.key),
      };
      const api = new ApiServer(address);
      const flags = {
        'etcd-servers': etcdUrl,
        'secure-port': String(secure),
        'bind-address': '127.0.0.1',
        // Otherwise it looks for a default route, which a network of its own has not.
        'advertise-address': '127.0.0.1',
        'cert-dir': folder,
        'tls-cert-file': certificates.server.certificate,
        'tls-private-key-file': certificates.server.key,
        'client-ca-file': certificates.authority,
        'service-account-issuer': 'https://kubernetes.default.svc',
        'service-account-key-file': certificates.serviceAccount.publicKey,
        'service-account-signing-key-file': certificates.serviceAccount.privateKey,
        'service-cluster-ip-range': '10.96.0.0/16',
        'authorization-mode': 'RBAC',
        'allow-privileged': 'true',
        // Otherwise it would publish an address of this machine as its own endpoint.
        'endpoint-reconciler-type': 'none',
      };
      const server = Child.start(
        'kube-apiserver',
        binaries['kube-apiserver'],
        Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
        { logFile: join(folder, 'kube-apiserver.log') },
      );
      // Stopped first: the API server waits for etcd when it ends.
      children.unshift(server);
      await server.until(() => api.isReady(), 180_000);
      const controllerManager = binaries['kube-controller-manager'];
      if (controllerManager !== undefined) {
        children.unshift(startControllers(controllerManager, folder, address, certificates));
      }
      const scheduler = binaries['kube-scheduler'];
      if (scheduler !== undefined) children.unshift(startScheduler(scheduler, folder, address));
      return new ControlPlane(api, address, folder, certificates, children);
    } catch (error) {
      await stopAll(children, folder);
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.api.close();
    await stopAll(this.children, this.folder);
  }
}

function startEtcd(binary: string, folder: string, clientUrl: string, peerUrl: string): Child {
  const data = join(folder, 'etcd');
  mkdirSync(data, { mode: 0o700 });
  const flags = {
    'data-dir': data,
    'listen-client-urls': clientUrl,
    'advertise-client-urls': clientUrl,
    'listen-peer-urls': peerUrl,
    'initial-advertise-peer-urls': peerUrl,
    'initial-cluster': `default=${peerUrl}`,
    // Nothing in it outlives the suite, and syncing to a slow disk is most of the start-up time.
    'unsafe-no-fsync': 'true',
    'log-level': 'warn',
  };
  return Child.start(
    'etcd',
    binary,
    Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
    { logFile: join(folder, 'etcd.log') },
  );
}

async function stopAll(children: readonly Child[], folder: string): Promise<void> {
  for (const child of children) await child.stop();
  removeUnlessKept(folder);
}
