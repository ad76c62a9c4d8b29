import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type ApiReply, ApiServer } from '../../bed/api-server';
import type { KubernetesDocument } from '../../support/documents';
import type { Configuration } from './configuration';
import { creator, takeOver } from './field-managers';
import { leftAlone } from './ignored-fields';
import { changes } from '../plugin/changes';
import type { Difference } from '../plugin/difference';
import { isObject, type JsonObject, text } from '../plugin/json';
import { conceal, hasUnknown, revealed } from './marks';
import { normalForm } from './normal-form';
import { documentOf, identity, idOf, inputsOf } from './objects';
import { replacing, sameObject } from './replacement';
import { shapedLike } from './shape';

/** Key of the state under which the official provider too keeps a resource's field manager. */
const managerKey = '__fieldManager';

export interface Write {
  /** Ask the server, but change nothing. */
  readonly preview: boolean;
  /** What the program ignores: `spec.replicas`. */
  readonly ignoreChanges?: readonly string[];
}

/**
 * Kubernetes objects as Pulumi resources, on a real API server. It stands in for the official
 * provider, whose binary no package registry has, and does what that does, as far as the suites need
 * it: creates on the client's side, updates by server-side apply, previews by dry run. It does not
 * wait for a workload to become ready: the test bed has no nodes.
 */
export class KubernetesProvider {
  readonly #api: ApiServer;
  #cancelled = false;

  constructor(private readonly options: Configuration) {
    this.#api = new ApiServer(options.address);
  }

  /** Lets what waits for a deletion give up. */
  cancel(): void {
    this.#cancelled = true;
  }

  /** Inputs as the server will store them; the reasons for which they cannot be used. */
  async check(
    inputs: JsonObject,
  ): Promise<{ readonly inputs: JsonObject; readonly faults: readonly string[] }> {
    const { apiVersion, kind, metadata } = inputs;
    const { namespace, ...others } = isObject(metadata) ? metadata : {};
    if (typeof others.name !== 'string') {
      return { inputs, faults: ['metadata.name: required; objects are not named by themselves'] };
    }
    const resource = await this.#api.resourceOf(text(apiVersion), text(kind));
    // cdk8s writes its chart's namespace into every object.
    const isForeign = namespace !== undefined && resource?.namespaced === false;
    return {
      inputs: normalForm(isForeign ? { ...inputs, metadata: others } : inputs),
      faults: [],
    };
  }

  diff(state: JsonObject, oldInputs: JsonObject, newInputs: JsonObject): Difference {
    const before = shapedLike(revealed(state), revealed(oldInputs));
    const after = revealed(newInputs);
    // No namespace and the one called "default" are the same place.
    const elsewhere = !sameObject(before, after);
    const found = changes(before, after).filter(
      ({ path }) => elsewhere || path.join('.') !== 'metadata.namespace',
    );
    const replaces = replacing(after, found, {
      configMaps: this.options.enableConfigMapMutable,
      secrets: this.options.enableSecretMutable,
    });
    return {
      changes: found,
      replaces,
      deleteBeforeReplace: replaces.length > 0 && sameObject(before, after),
    };
  }

  /** The state of the new object. In a preview it may be what is known of it: its inputs. */
  async create(inputs: JsonObject, { preview }: Write): Promise<JsonObject> {
    const object = revealed(inputs);
    const document = documentOf(object);
    if (preview && (await this.#isUnforeseeable(inputs))) return inputs;
    const manager = `${creator}-${randomBytes(4).toString('hex')}`;
    const reply = this.options.upsertExistingObjects
      ? await this.#apply(document, { manager, preview, force: preview || this.#forces(object) })
      : await this.#post(document, preview);
    // In a preview neither a namespace that is yet to be made nor an object that is yet to be
    // replaced is a fault; the official provider cannot tell them from real ones either.
    if (preview && (isMissingNamespace(reply) || reply.status === 409)) return inputs;
    return this.#stateOf(bodyOf(reply, document), inputs, manager, preview);
  }

  /** The state of the object that is there, and the inputs that say the same; undefined if none is. */
  async read(
    id: string,
    type: string,
    inputs: JsonObject,
    state: JsonObject,
  ): Promise<{ readonly state: JsonObject; readonly inputs: JsonObject } | undefined> {
    const document = identity(id, type);
    const reply = await this.#request('GET', document, '');
    if (reply === undefined || reply.status === 404) return undefined;
    const live = bodyOf(reply, document);
    const isImport = inputs.kind === undefined;
    const found = isImport ? inputsOf(live) : conceal(shapedLike(live, revealed(inputs)), inputs);
    return { state: this.#stateOf(live, inputs, managerOf(state), false), inputs: found };
  }

  async update(
    state: JsonObject,
    inputs: JsonObject,
    { preview, ignoreChanges = [] }: Write,
  ): Promise<JsonObject> {
    if (preview && (await this.#isUnforeseeable(inputs))) return inputs;
    const object = revealed(inputs);
    const document = documentOf(object);
    const manager = managerOf(state);
    let live = bodyOf(await this.#expect('GET', document), document);
    const handover = takeOver(live, manager);
    if (handover !== undefined && !preview) {
      const type = 'application/json-patch+json';
      live = bodyOf(await this.#expect('PATCH', document, '', handover, type), document);
    }
    const wanted = ignoreChanges.reduce(
      (rest, path) => leftAlone(rest, live, path, manager),
      object,
    );
    const force = this.#forces(object) || (preview && handover !== undefined);
    const reply = await this.#apply(documentOf(wanted), { manager, preview, force });
    return this.#stateOf(bodyOf(reply, document), inputs, manager, preview);
  }

  /** Deletes an object with all that belongs to it, and waits until it is gone. */
  async delete(id: string, type: string, state: JsonObject, timeoutSeconds: number): Promise<void> {
    const document = identity(id, type);
    const reply = await this.#request('DELETE', document, '?propagationPolicy=Foreground');
    if (reply === undefined || reply.status === 404) return;
    bodyOf(reply, document);
    const uid = isObject(state.metadata) ? state.metadata.uid : undefined;
    const deadline = Date.now() + timeoutSeconds * 1000;
    while (Date.now() < deadline && !this.#cancelled) {
      const left = await this.#expect('GET', document);
      if (left.status === 404) return;
      const { metadata } = bodyOf(left, document);
      if (isObject(metadata) && uid !== undefined && metadata.uid !== uid) return;
      await delay(100);
    }
    throw new Error(`${named(document)}: still there ${timeoutSeconds} s after its deletion`);
  }

  async #isUnforeseeable(inputs: JsonObject): Promise<boolean> {
    if (hasUnknown(inputs)) return true;
    const resource = await this.#api.resourceOf(text(inputs.apiVersion), text(inputs.kind));
    return resource === undefined;
  }

  #forces({ metadata }: JsonObject): boolean {
    const annotations = isObject(metadata) ? metadata.annotations : undefined;
    const asked = isObject(annotations) && annotations['pulumi.com/patchForce'] === 'true';
    return asked || this.options.enablePatchForce;
  }

  async #post(document: KubernetesDocument, preview: boolean): Promise<ApiReply> {
    const query = `?fieldValidation=Strict&fieldManager=${creator}${dryRun(preview)}`;
    const path = await this.#api.collectionOf(document);
    return this.#api.request('POST', `${path}${query}`, document);
  }

  async #apply(
    document: KubernetesDocument,
    options: { readonly manager: string; readonly preview: boolean; readonly force: boolean },
  ): Promise<ApiReply> {
    const { manager, preview, force } = options;
    const query = `?fieldValidation=Strict&fieldManager=${manager}&force=${String(force)}`;
    const type = 'application/apply-patch+yaml';
    return this.#expect('PATCH', document, `${query}${dryRun(preview)}`, document, type);
  }

  /** Undefined where the server no longer serves the object's kind, and so has no such object. */
  async #request(
    method: 'GET' | 'PATCH' | 'DELETE',
    document: KubernetesDocument,
    query: string,
    body?: object,
    type?: string,
  ): Promise<ApiReply | undefined> {
    if ((await this.#api.resourceOf(document.apiVersion, document.kind)) === undefined) {
      return undefined;
    }
    const path = await this.#api.pathOf(document);
    return this.#api.request(method, `${path}${query}`, body, type);
  }

  async #expect(
    method: 'GET' | 'PATCH',
    document: KubernetesDocument,
    query = '',
    body?: object,
    type?: string,
  ): Promise<ApiReply> {
    const reply = await this.#request(method, document, query, body, type);
    if (reply !== undefined) return reply;
    throw new Error(`${named(document)}: the API server has no such kind; is its CRD there?`);
  }

  #stateOf(live: JsonObject, inputs: JsonObject, manager: string, preview: boolean): JsonObject {
    const { status, ...rest } = live;
    const known = preview || status === undefined ? rest : { ...rest, status };
    return { ...conceal(known, inputs), [managerKey]: manager };
  }
}

function managerOf(state: JsonObject): string {
  const manager = state[managerKey];
  return typeof manager === 'string' ? manager : `${creator}-${randomBytes(4).toString('hex')}`;
}

function dryRun(preview: boolean): string {
  return preview ? '&dryRun=All' : '';
}

function isMissingNamespace({ status, body }: ApiReply): boolean {
  const { details } = body as { readonly details?: { readonly kind?: string } };
  return status === 404 && details?.kind === 'namespaces';
}

function bodyOf({ status, body }: ApiReply, document: KubernetesDocument): JsonObject {
  if (status < 300) return body as JsonObject;
  const { message = JSON.stringify(body) } = body as { readonly message?: string };
  throw new Error(`${named(document)}: ${message}`);
}

function named({ kind, metadata }: KubernetesDocument): string {
  return `${kind} ${idOf({ metadata: { ...metadata } })}`;
}
