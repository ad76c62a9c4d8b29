import type { JsonObject } from '../plugin/json';
import type { RecordedCloud } from './recorded-cloud';

/** A resource that is about to be, or is: what its id and its outputs are computed from. */
export interface Made {
  readonly inputs: JsonObject;
  /** Region, where the cloud has one to a resource. */
  readonly region: string;
  /** Digits of base 16, the same whenever the same resource is made by the same history. */
  readonly digits: string;
  /** How often it was written: 1 once it is made. */
  readonly revision: number;
}

/** How a cloud identifies resources of a type, and what it says of them. */
export interface Kind {
  /** The input that names it; filled in where a program leaves it out. @default - it has no name */
  readonly named?: string;
  /** Inputs whose change makes another resource. @default - none but the name and the place */
  readonly fixed?: readonly string[];
  readonly id: (made: Made) => string;
  /** Outputs besides the inputs. */
  readonly outputs: (made: Made, id: string) => JsonObject;
}

/** One cloud, as its provider shows it. */
export interface Cloud {
  /** `aws`. */
  readonly package: string;
  /** `@pulumi/aws`: its types are the resources'. */
  readonly npmPackage: string;
  readonly version: string;
  /** Inputs that place a resource, which never moves. */
  readonly places: readonly string[];
  /** What is wrong with the provider's options, besides their names. */
  readonly faultsOf: (options: JsonObject) => readonly string[];
  /** The name for a resource that its program gives none: the name there, and some digits. */
  readonly nameOf: (type: string, name: string, digits: string) => string;
  /** @throws Error for a type that the stand-in does not know */
  readonly kindOf: (type: string) => Kind;
  /** What it says to an expired credential. */
  readonly expired: string;
  /** Results of functions, by token. */
  readonly functions: Readonly<
    Record<string, (args: JsonObject, cloud: RecordedCloud) => JsonObject>
  >;
}

/** @throws Error for a type that a table does not have: a stand-in that guesses proves nothing */
export function kindIn(kinds: Readonly<Record<string, Kind>>, type: string, table: string): Kind {
  const kind = kinds[type];
  if (kind !== undefined) return kind;
  throw new Error(`this stand-in does not know how ${type} is identified; add it to ${table}`);
}

/** A GUID out of digits. */
export function guid(digits: string): string {
  const [a, b, c, d, e] = [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ].map(([from, to]) => digits.slice(from, to));
  return [a, b, c, d, e].join('-');
}
