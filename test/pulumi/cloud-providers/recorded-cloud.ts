import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../plugin/json';

/** A resource as the recorded cloud keeps it. */
export interface Recorded {
  readonly type: string;
  /** The resource's name in its program. */
  readonly name: string;
  readonly urn: string;
  readonly id: string;
  readonly inputs: JsonObject;
  readonly outputs: JsonObject;
  /** How often it was written. */
  readonly revision: number;
}

/** A write that the cloud took, in the journal of all of them. */
export interface Write extends Pick<Recorded, 'type' | 'name' | 'urn' | 'id'> {
  readonly op: 'create' | 'update' | 'delete';
}

/** What a test tells the cloud to do. */
interface Orders {
  /** The credential is good for so many writes since the cloud began. @default - it never expires */
  readonly goodForWrites?: number | undefined;
  /** What the cloud says instead of making a resource of a type. */
  readonly exhausted?: Readonly<Record<string, string>>;
  /** Results of functions, by token. */
  readonly answers?: Readonly<Record<string, JsonObject>>;
  /** Outputs of resources over the computed ones, by `<type> <name>`. */
  readonly outputs?: Readonly<Record<string, JsonObject>>;
}

/**
 * A cloud that is a folder: a file for each resource, so that several processes can write at once, a
 * journal of writes, and the orders of a test. The providers write it; tests read it and give orders.
 */
export class RecordedCloud {
  readonly #resources: string;
  readonly #journal: string;
  readonly #orders: string;

  constructor(folder: string) {
    this.#resources = join(folder, 'resources');
    this.#journal = join(folder, 'journal.jsonl');
    this.#orders = join(folder, 'orders.json');
    mkdirSync(this.#resources, { recursive: true });
  }

  /** All that is there, by URN. */
  get resources(): readonly Recorded[] {
    return readdirSync(this.#resources)
      .filter((file) => file.endsWith('.json'))
      .map((file) => JSON.parse(readFileSync(join(this.#resources, file), 'utf8')) as Recorded)
      .sort((a, b) => (a.urn < b.urn ? -1 : 1));
  }

  /** Every write that was taken, in order. */
  get journal(): readonly Write[] {
    if (!existsSync(this.#journal)) return [];
    const lines = readFileSync(this.#journal, 'utf8').split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line) as Write);
  }

  /** @throws Error unless exactly one resource has the type and the name */
  resource(type: string, name: string): Recorded {
    const found = this.resources.filter((one) => one.type === type && one.name === name);
    if (found.length === 1) return found[0]!;
    const names = this.resources.map((one) => `${one.type} ${one.name}`).join(', ');
    throw new Error(`${found.length} resources ${type} "${name}" are recorded; there are ${names}`);
  }

  find(type: string, id: string): Recorded | undefined {
    const file = this.#fileOf(type, id);
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Recorded) : undefined;
  }

  write(op: 'create' | 'update', recorded: Recorded): void {
    const file = this.#fileOf(recorded.type, recorded.id);
    // A process that is killed in between leaves the old file or the new one, never half of one.
    writeFileSync(`${file}.new`, JSON.stringify(recorded, undefined, 2));
    renameSync(`${file}.new`, file);
    this.#note(op, recorded);
  }

  delete(recorded: Recorded): void {
    rmSync(this.#fileOf(recorded.type, recorded.id));
    this.#note('delete', recorded);
  }

  /** From now on the credential is good for so many writes; then the cloud refuses all that is asked. */
  expireAfter(writes: number): void {
    this.#order({ goodForWrites: this.journal.length + writes });
  }

  /** A new credential, which does not expire. */
  renewCredential(): void {
    this.#order({ goodForWrites: undefined });
  }

  get isCredentialExpired(): boolean {
    const { goodForWrites } = this.orders;
    return goodForWrites !== undefined && this.journal.length >= goodForWrites;
  }

  /** Refuses to make resources of a type, saying this, as where a quota is missing. */
  exhaust(type: string, message: string): void {
    this.#order({ exhausted: { ...this.orders.exhausted, [type]: message } });
  }

  /** Grants every quota. */
  grantQuotas(): void {
    this.#order({ exhausted: {} });
  }

  /** Answers a function, by its token: `aws:ec2/getAmi:getAmi`. */
  answer(token: string, result: JsonObject): void {
    this.#order({ answers: { ...this.orders.answers, [token]: result } });
  }

  /** Gives a resource these outputs, instead of those that would be computed. */
  give(type: string, name: string, outputs: JsonObject): void {
    this.#order({ outputs: { ...this.orders.outputs, [`${type} ${name}`]: outputs } });
  }

  get orders(): Orders {
    if (!existsSync(this.#orders)) return {};
    return JSON.parse(readFileSync(this.#orders, 'utf8')) as Orders;
  }

  #order(orders: Orders): void {
    writeFileSync(this.#orders, JSON.stringify({ ...this.orders, ...orders }));
  }

  #note(op: Write['op'], { type, name, urn, id }: Recorded): void {
    appendFileSync(this.#journal, `${JSON.stringify({ op, type, name, urn, id })}\n`);
  }

  #fileOf(type: string, id: string): string {
    const digest = createHash('sha256').update(`${type} ${id}`).digest('hex').slice(0, 32);
    return join(this.#resources, `${digest}.json`);
  }
}
