import { createHash } from 'node:crypto';
import { unknownValue } from '@pulumi/pulumi/runtime/rpc';
import { changes } from '../plugin/changes';
import type { Difference } from '../plugin/difference';
import { isList, isObject, type Json, type JsonObject, mapObject, text } from '../plugin/json';
import type { Cloud, Kind, Made } from './cloud';
import type { Recorded, RecordedCloud } from './recorded-cloud';
import { type Misfit, misfits } from './types/misfits';
import { PublishedTypes } from './types/published-types';

/** Type and name of a resource, out of its URN. */
export interface Named {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
}

/**
 * A cloud's resources as Pulumi resources, in a recorded cloud. It stands in for the official provider,
 * whose binary no package registry has: it checks every input against the published types, and computes
 * outputs as the cloud would. In a preview what the cloud computes is unknown, as it is there.
 */
export class CloudProvider {
  readonly #types: PublishedTypes;
  #region = '';

  constructor(
    private readonly cloud: Cloud,
    private readonly recorded: RecordedCloud,
  ) {
    this.#types = new PublishedTypes(cloud.npmPackage);
  }

  /** Options of the provider that cannot be used. */
  checkOptions(options: JsonObject): readonly string[] {
    const { type, checker } = this.#types.providerArgs;
    const names = [...checker.getPropertiesOfType(type).map(({ name }) => name), 'version'];
    const unknown = Object.keys(options).filter((name) => !names.includes(name));
    return [
      ...unknown.map((name) => `${name}: no such option; there are ${names.join(', ')}`),
      ...this.cloud.faultsOf(options),
    ];
  }

  configure(options: JsonObject): void {
    this.#region = text(options.region);
  }

  check(
    { urn, type, name }: Named,
    inputs: JsonObject,
    before: JsonObject,
  ): { readonly inputs: JsonObject; readonly misfits: readonly Misfit[] } {
    const found = misfits(inputs, this.#types.argsOf(type));
    const { named } = this.cloud.kindOf(type);
    if (named === undefined || inputs[named] !== undefined) return { inputs, misfits: found };
    // Made elsewhere, it is another resource, and has to have another name for as long as both are there.
    const place = this.cloud.places.map((input) => inputs[input] ?? '');
    const made = this.cloud.nameOf(type, name, digitsOf(JSON.stringify([urn, place])));
    const kept = this.#stays(inputs, before) ? before[named] : undefined;
    return { inputs: { ...inputs, [named]: kept ?? made }, misfits: found };
  }

  diff({ type }: Named, before: JsonObject, after: JsonObject): Difference {
    const { named, fixed = [] } = this.cloud.kindOf(type);
    const found = changes(before, after);
    const replacing = [...this.cloud.places, ...fixed, ...(named === undefined ? [] : [named])];
    const replaces = found.filter(({ path }) => replacing.includes(String(path[0])));
    const isNamesake = named !== undefined && before[named] === after[named];
    return {
      changes: found,
      replaces,
      deleteBeforeReplace: replaces.length > 0 && isNamesake && this.#stays(before, after),
    };
  }

  /** The id and the state of a new resource; in a preview no id, and no output that is computed. */
  create(
    { urn, type, name }: Named,
    inputs: JsonObject,
    preview: boolean,
  ): { readonly id: string; readonly state: JsonObject } {
    const kind = this.cloud.kindOf(type);
    const births = this.recorded.journal.filter((one) => one.op === 'create' && one.urn === urn);
    const made = this.#made(inputs, digitsOf(`${urn}#${births.length}`), 1);
    const id = kind.id(made);
    const outputs = this.#outputs(kind, made, id, `${type} ${name}`);
    if (preview) return { id: '', state: merged(inputs, unknownLike(outputs)) };
    this.#refuse(type);
    if (this.recorded.find(type, id) !== undefined) {
      throw new Error(`${type} ${id} already exists, and is not in the state of this stack`);
    }
    this.recorded.write('create', { type, name, urn, id, inputs, outputs, revision: 1 });
    return { id, state: merged(inputs, outputs) };
  }

  /** Undefined for what is not there. */
  read(
    type: string,
    id: string,
  ): { readonly state: JsonObject; readonly inputs: JsonObject } | undefined {
    this.#authorize();
    const found = this.recorded.find(type, id);
    if (found === undefined) return undefined;
    return { state: merged(found.inputs, found.outputs), inputs: found.inputs };
  }

  update({ urn, type, name }: Named, id: string, inputs: JsonObject, preview: boolean): JsonObject {
    const kind = this.cloud.kindOf(type);
    if (!preview) this.#authorize();
    const before = this.#found(type, id);
    const revision = before.revision + 1;
    const digits = text(before.outputs[digitsKey]);
    const outputs = this.#outputs(
      kind,
      this.#made(inputs, digits, revision),
      id,
      `${type} ${name}`,
    );
    if (preview) return merged(inputs, unknownWhereChanged(before.outputs, outputs));
    this.recorded.write('update', { type, name, urn, id, inputs, outputs, revision });
    return merged(inputs, outputs);
  }

  delete(type: string, id: string): void {
    this.#authorize();
    const found = this.recorded.find(type, id);
    if (found !== undefined) this.recorded.delete(found);
  }

  invoke(token: string, args: JsonObject): JsonObject {
    this.#authorize();
    const declared = this.recorded.orders.answers?.[token];
    if (declared !== undefined) return declared;
    const answer = this.cloud.functions[token];
    if (answer !== undefined) return answer(args, this.recorded);
    throw new Error(
      `${token}: nothing is declared that would answer it; a test declares it with RecordedCloud.answer`,
    );
  }

  #found(type: string, id: string): Recorded {
    const found = this.recorded.find(type, id);
    if (found === undefined) throw new Error(`${type} ${id}: not found; pulumi refresh finds out`);
    return found;
  }

  #made(inputs: JsonObject, digits: string, revision: number): Made {
    const region = text(inputs.region) === '' ? this.#region : text(inputs.region);
    return { inputs, region, digits, revision };
  }

  #outputs(kind: Kind, made: Made, id: string, key: string): JsonObject {
    const computed = { ...kind.outputs(made, id), [digitsKey]: made.digits };
    return merged(computed, this.recorded.orders.outputs?.[key] ?? {});
  }

  #stays(before: JsonObject, after: JsonObject): boolean {
    return this.cloud.places.every((input) => before[input] === after[input]);
  }

  #refuse(type: string): void {
    this.#authorize();
    const reason = this.recorded.orders.exhausted?.[type];
    if (reason !== undefined) throw new Error(reason);
  }

  #authorize(): void {
    if (this.recorded.isCredentialExpired) throw new Error(this.cloud.expired);
  }
}

/** Key of the state under which a resource keeps the digits that it was made with. */
const digitsKey = '__digits';

function digitsOf(of: string): string {
  return createHash('sha256').update(of).digest('hex');
}

/** What is set in `over`, and the rest of `base`. */
function merged(base: JsonObject, over: JsonObject): JsonObject {
  const inner = mapObject(over, (value, key) => {
    const below = base[key];
    return isObject(value) && isObject(below) ? merged(below, value) : value;
  });
  return { ...base, ...inner };
}

function unknownLike(value: JsonObject): JsonObject {
  return mapObject(value, (item) => (isObject(item) ? unknownLike(item) : unknownValue));
}

/** Outputs that an update leaves as they are stay known. */
function unknownWhereChanged(before: JsonObject, after: JsonObject): JsonObject {
  return mapObject(after, (item, key): Json => {
    const was = before[key];
    if (isObject(item)) return unknownWhereChanged(isObject(was) ? was : {}, item);
    return changes(was, item).length === 0 && !holdsUnknown(item) ? item : unknownValue;
  });
}

function holdsUnknown(value: Json): boolean {
  if (typeof value === 'string') return value.includes(unknownValue);
  if (isList(value)) return value.some(holdsUnknown);
  return isObject(value) && Object.values(value).some(holdsUnknown);
}
