import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { answersOk } from '../../support/answers-ok';
import { Child } from '../../support/child';
import { freePorts } from '../../support/free-ports';

/** Istio's own namespace: objects in it hold for the whole mesh. */
export const rootNamespace = 'istio-system';

export interface IstiodProps {
  /** `pilot-discovery`. */
  readonly binary: string;
  readonly folder: string;
  readonly kubeconfig: string;
  /** Fields of Istio's MeshConfig over those that the bed needs. @default - none */
  readonly meshConfig?: Readonly<Record<string, unknown>>;
}

/** istiod on loopback, without certificates of its own and without webhooks. */
export class Istiod {
  private constructor(
    private readonly child: Child,
    /** `host:port` that proxies get their configuration from; plain text, callers show a token. */
    readonly discovery: string,
  ) {}

  static async start({ binary, folder, kubeconfig, meshConfig }: IstiodProps): Promise<Istiod> {
    const [grpc = 0, http = 0, monitoring = 0] = await freePorts(3);
    const meshFile = join(folder, 'mesh.yaml');
    writeFileSync(
      meshFile,
      // The bed's Envoys hold no certificates of the mesh, so nothing may expect one.
      stringify({ rootNamespace, enableAutoMtls: false, accessLogFile: '', ...meshConfig }),
    );
    const flags = {
      kubeconfig,
      meshConfig: meshFile,
      namespace: rootNamespace,
      grpcAddr: `127.0.0.1:${grpc}`,
      httpAddr: `127.0.0.1:${http}`,
      monitoringAddr: `127.0.0.1:${monitoring}`,
      httpsAddr: '',
      secureGRPCAddr: '',
      ctrlz_port: '0',
    };
    const child = Child.start(
      'istiod',
      binary,
      ['discovery', ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`)],
      { logFile: join(folder, 'istiod.log'), env: { ...process.env, ...environment } },
    );
    const istiod = new Istiod(child, `127.0.0.1:${grpc}`);
    try {
      await child.until(() => answersOk(`http://127.0.0.1:${http}/ready`), 120_000);
    } catch (error) {
      await istiod.stop();
      throw error;
    }
    return istiod;
  }

  async stop(): Promise<void> {
    await this.child.stop();
  }
}

const environment = {
  POD_NAMESPACE: rootNamespace,
  POD_NAME: 'istiod',
  CLUSTER_ID: 'Kubernetes',
  ENABLE_CA_SERVER: 'false',
  PILOT_CERT_PROVIDER: 'none',
  VALIDATION_WEBHOOK_CONFIG_NAME: '',
  INJECTION_WEBHOOK_CONFIG_NAME: '',
  // Filters that only Istio's own build of Envoy has.
  PILOT_ENABLE_METADATA_EXCHANGE: 'false',
  // Secrets are given only to a proxy whose service account is known, here by its token.
  XDS_AUTH_PLAINTEXT: 'true',
  PILOT_DEBOUNCE_AFTER: '10ms',
};
