import { readFile } from 'node:fs/promises';
import { request } from 'node:https';

/** An object of the cluster. */
export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, string>>;
}

/** The API server refused a request. */
export class KubeError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = 'KubeError';
  }
}

/** Where the API server is, and who asks. */
export interface KubeAddress {
  readonly host: string;
  readonly port: number;
  /** File of its authority's certificate. */
  readonly authorityFile: string;
  /** File of the token; the kubelet changes it. */
  readonly tokenFile: string;
  readonly namespace: string;
}

/** Where the kubelet puts what a pod proves itself by. */
export const serviceAccountFolder = '/var/run/secrets/kubernetes.io/serviceaccount';
const timeoutMillis = 10_000;

/**
 * What every pod with a service account is given.
 * Source: Kubernetes, "Accessing the Kubernetes API from a Pod"; read 2026-11.
 *
 * @throws Error outside of a cluster
 */
export async function addressInCluster(
  variables: NodeJS.ProcessEnv,
  folder: string,
): Promise<KubeAddress> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = variables;
  if (host === undefined || port === undefined) {
    throw new Error('KUBERNETES_SERVICE_HOST is not set: this mode runs in a cluster');
  }
  const namespace = (await readFile(`${folder}/namespace`, 'utf8')).trim();
  return {
    host,
    port: Number(port),
    authorityFile: `${folder}/ca.crt`,
    tokenFile: `${folder}/token`,
    namespace,
  };
}

/** The few requests that remediation makes. */
export interface Kube {
  readonly namespace: string;
  /** `undefined` where there is none. */
  get(path: string): Promise<KubeObject | undefined>;
  /** Merges a patch into an object (RFC 7386); with a `resourceVersion` in it, only into that version. */
  patch(path: string, patch: object): Promise<void>;
  create(path: string, object: object): Promise<void>;
}

/** Makes them as the pod's service account. */
export class KubeClient implements Kube {
  constructor(private readonly address: KubeAddress) {}

  get namespace(): string {
    return this.address.namespace;
  }

  async get(path: string): Promise<KubeObject | undefined> {
    try {
      return (await this.send('GET', path)) as KubeObject;
    } catch (error) {
      if (error instanceof KubeError && error.status === 404) return undefined;
      throw error;
    }
  }

  async patch(path: string, patch: object): Promise<void> {
    await this.send('PATCH', path, 'application/merge-patch+json', patch);
  }

  async create(path: string, object: object): Promise<void> {
    await this.send('POST', path, 'application/json', object);
  }

  private async send(
    method: string,
    path: string,
    contentType?: string,
    body?: object,
  ): Promise<unknown> {
    const { host, port, authorityFile, tokenFile } = this.address;
    const [ca, token] = await Promise.all([readFile(authorityFile), readFile(tokenFile, 'utf8')]);
    return new Promise((resolve, reject) => {
      const headers = {
        accept: 'application/json',
        authorization: `Bearer ${token.trim()}`,
        ...(contentType === undefined ? {} : { 'content-type': contentType }),
      };
      const call = request(
        { host, port, path, method, ca, headers, timeout: timeoutMillis },
        (reply) => {
          const chunks: Buffer[] = [];
          reply.on('data', (chunk: Buffer) => chunks.push(chunk));
          reply.on('error', reject);
          reply.on('end', () => {
            const text = Buffer.concat(chunks).toString();
            const status = reply.statusCode ?? 0;
            if (status >= 200 && status < 300) resolve(JSON.parse(text));
            else
              reject(new KubeError(status, `${method} ${path}: ${status} ${text.slice(0, 500)}`));
          });
        },
      );
      call.on('timeout', () => call.destroy(new Error(`${method} ${path}: no answer in 10 s`)));
      call.on('error', reject);
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}
