import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import type { KubernetesDocument } from '../support/documents';

/** Where an API server is, and who asks; certificates and key in PEM. */
export interface ApiAddress {
  /** `https://127.0.0.1:6443`, without a slash at its end. */
  readonly url: string;
  readonly authority: Buffer;
  readonly certificate: Buffer;
  readonly key: Buffer;
}

/** A reply of the API server. */
export interface ApiReply {
  readonly status: number;
  readonly body: unknown;
  /** Texts of its `Warning` headers: deprecated versions, Pod Security, unknown fields. */
  readonly warnings: readonly string[];
}

/** An object as the API server stores it. */
export interface StoredObject extends KubernetesDocument {
  readonly metadata: KubernetesDocument['metadata'] & {
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation?: number;
  };
}

export interface WriteOptions {
  /** Check and admit, but store nothing. @default false */
  readonly dryRun?: boolean;
  /** Where a namespaced document that names none belongs. @default "default" */
  readonly namespace?: string;
  /**
   * Let an apply take over fields that another writer holds. Needed once after a create: the server
   * compares quantities there as text, and it has stored `2000m` as `2`.
   * @default false
   */
  readonly force?: boolean;
}

/** The API server refused a request; `message` is the server's own. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const fieldManager = 'manara';

/**
 * The few requests that the suites need. A generated client adds nothing here:
 * the documents are sent as they were synthesized, and the warnings have to be seen.
 */
export class ApiServer {
  readonly url: string;
  private readonly agent: Agent;
  private readonly discovered = new Map<string, Promise<readonly ApiResource[]>>();

  constructor({ url, authority, certificate, key }: ApiAddress) {
    this.url = url;
    this.agent = new Agent({ ca: authority, cert: certificate, key, keepAlive: true });
  }

  async isReady(): Promise<boolean> {
    const reply = await this.request('GET', '/readyz').catch(() => undefined);
    return reply?.status === 200;
  }

  /** Creates an object with strict field validation: an unknown or repeated field is an error. */
  async createStrict(document: KubernetesDocument, options: WriteOptions = {}): Promise<Written> {
    const collection = await this.collectionOf(document, options);
    const query = writeQuery(options);
    return written(await this.request('POST', `${collection}?${query}`, document));
  }

  /** Server-side apply with strict field validation, as field manager `manara`. */
  async applyStrict(document: KubernetesDocument, options: WriteOptions = {}): Promise<Written> {
    const path = await this.pathOf(document, options);
    const type = 'application/apply-patch+yaml';
    const query = `${writeQuery(options)}&force=${String(options.force ?? false)}`;
    return written(await this.request('PATCH', `${path}?${query}`, document, type));
  }

  /** Reads back the object that a document describes. */
  async get(document: KubernetesDocument, options: WriteOptions = {}): Promise<StoredObject> {
    return written(await this.request('GET', await this.pathOf(document, options))).object;
  }

  async request(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: object,
    contentType = 'application/json',
  ): Promise<ApiReply> {
    const { promise, resolve, reject } = withResolvers<ApiReply>();
    // JSON is YAML, so that one encoding serves server-side apply too.
    const payload = body && Buffer.from(JSON.stringify(body));
    const headers = {
      accept: 'application/json',
      // Of a DELETE, Node.js would not say how long it is.
      ...(payload && { 'content-type': contentType, 'content-length': payload.length }),
    };
    const outgoing = request(`${this.url}${path}`, { method, headers, agent: this.agent });
    outgoing.once('error', reject);
    outgoing.once('response', (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.once('error', reject);
      incoming.once('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const isJson = incoming.headers['content-type']?.startsWith('application/json') === true;
        resolve({
          status: incoming.statusCode ?? 0,
          body: isJson ? JSON.parse(text) : text,
          warnings: parseWarnings(incoming.headersDistinct.warning),
        });
      });
    });
    outgoing.end(payload);
    return promise;
  }

  /** Deletes the object that a document describes, if it is there. */
  async delete(document: KubernetesDocument, options: WriteOptions = {}): Promise<void> {
    const reply = await this.request('DELETE', await this.pathOf(document, options));
    if (reply.status !== 404) written(reply);
  }

  /** The reply of a GET whose body is read as it comes: a watch. Without a connection pool. */
  stream(path: string, signal: AbortSignal): Promise<IncomingMessage> {
    const { promise, resolve, reject } = withResolvers<IncomingMessage>();
    const { ca, cert, key } = this.agent.options;
    const outgoing = request(`${this.url}${path}`, { ca, cert, key, agent: false, signal });
    outgoing.once('response', resolve);
    // Also after the response: its end is told by the response itself.
    outgoing.on('error', reject);
    outgoing.end();
    return promise;
  }

  close(): void {
    this.agent.destroy();
  }

  /** Path of the object that a document describes. */
  async pathOf(document: KubernetesDocument, options: WriteOptions = {}): Promise<string> {
    const collection = await this.collectionOf(document, options);
    return `${collection}/${encodeURIComponent(document.metadata.name)}`;
  }

  /** Path of the collection that the object of a document belongs to. */
  async collectionOf(
    { apiVersion, kind, metadata }: KubernetesDocument,
    { namespace = 'default' }: WriteOptions = {},
  ): Promise<string> {
    const resource = await this.resourceOf(apiVersion, kind);
    if (resource === undefined) {
      throw new ApiError(404, `the API server has no kind "${kind}" in ${apiVersion}`);
    }
    const base = groupPath(apiVersion);
    if (!resource.namespaced) return `${base}/${resource.name}`;
    return `${base}/namespaces/${metadata.namespace ?? namespace}/${resource.name}`;
  }

  /** How the server serves a kind; `undefined` where it does not. */
  async resourceOf(apiVersion: string, kind: string): Promise<ApiResource | undefined> {
    const resources = await this.resourcesOf(groupPath(apiVersion));
    return resources.find((resource) => resource.kind === kind && !resource.name.includes('/'));
  }

  /** What the server serves below `/api/v1` or `/apis/<group>/<version>`, subresources included. */
  resourcesOf(base: string): Promise<readonly ApiResource[]> {
    const known = this.discovered.get(base) ?? this.discover(base);
    this.discovered.set(base, known);
    return known;
  }

  private async discover(base: string): Promise<readonly ApiResource[]> {
    const { status, body } = await this.request('GET', base);
    return status === 200 ? (body as { readonly resources: readonly ApiResource[] }).resources : [];
  }
}

/** A kind as the API server's discovery describes it. */
export interface ApiResource {
  /** Plural name; a subresource's has a slash. */
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** `list`, `delete`, … */
  readonly verbs: readonly string[];
}

interface Written {
  readonly object: StoredObject;
  readonly warnings: readonly string[];
}

function groupPath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function writeQuery({ dryRun = false }: WriteOptions): string {
  return `fieldValidation=Strict&fieldManager=${fieldManager}${dryRun ? '&dryRun=All' : ''}`;
}

function written({ status, body, warnings }: ApiReply): Written {
  if (status >= 300) {
    const { message = JSON.stringify(body) } = body as { readonly message?: string };
    throw new ApiError(status, message);
  }
  return { object: body as StoredObject, warnings };
}

/** The text of each `299 - "text"`. */
function parseWarnings(headers: readonly string[] = []): readonly string[] {
  return headers.flatMap((header) =>
    [...header.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) =>
      text.replaceAll(/\\(.)/g, '$1'),
    ),
  );
}

/** `Promise.withResolvers` is younger than Node.js 20. */
function withResolvers<T>(): {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: Error) => void;
} {
  let resolve!: (value: T) => void;
  let reject!: (reason: Error) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
