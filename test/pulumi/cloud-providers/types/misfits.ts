import {
  specialAssetSig,
  specialArchiveSig,
  specialSigKey,
  unknownValue,
} from '@pulumi/pulumi/runtime/rpc';
import ts from 'typescript';
import { type Path, pathText } from '../../plugin/changes';
import { isList, isObject, type Json, type JsonObject } from '../../plugin/json';
import type { PublishedType } from './published-types';

/** A value that its published type does not permit. */
export interface Misfit {
  /** `vpcConfig.subnetIds[0]`. */
  readonly property: string;
  /** What is allowed, and what was received. */
  readonly reason: string;
}

/**
 * Where a value does not fit a type: a property that the type has not, one that is missing, a value of
 * another kind, one outside a closed list. What a preview does not know yet fits anything.
 */
export function misfits(value: Json, { type, checker }: PublishedType): readonly Misfit[] {
  return new Fitting(checker).of(value, type, []);
}

class Fitting {
  constructor(private readonly checker: ts.TypeChecker) {}

  of(value: Json, type: ts.Type, path: Path): readonly Misfit[] {
    if (value === unknownValue || type.flags & ts.TypeFlags.Any) return [];
    const members = membersOf(type);
    if (isList(value)) return this.#list(value, members, path);
    if (isObject(value)) return this.#object(value, members, path);
    const fits = members.some((member) => fitsLeaf(value, member));
    return fits ? [] : [this.#misfit(value, members, path)];
  }

  #list(value: readonly Json[], members: readonly ts.Type[], path: Path): readonly Misfit[] {
    const lists = members.filter((member) => this.checker.isArrayType(member));
    const found = lists.map((list) => {
      const [item] = this.checker.getTypeArguments(list as ts.TypeReference);
      return value.flatMap((one, i) => this.of(one, item!, [...path, i]));
    });
    return fewest(found) ?? [this.#misfit(value, members, path)];
  }

  #object(value: JsonObject, members: readonly ts.Type[], path: Path): readonly Misfit[] {
    if (isAsset(value) && members.some(isAssetType)) return [];
    const objects = members.filter((member) => this.#isObjectType(member));
    const found = objects.map((type) => this.#properties(value, type, path));
    return fewest(found) ?? [this.#misfit(value, members, path)];
  }

  #properties(value: JsonObject, type: ts.Type, path: Path): readonly Misfit[] {
    const properties = this.checker.getPropertiesOfType(type);
    const index = type.getStringIndexType();
    const missing = properties
      .filter(({ name, flags }) => !(flags & ts.SymbolFlags.Optional) && value[name] === undefined)
      .map(({ name }) => ({
        property: pathText([...path, name]),
        reason: 'required; received none',
      }));
    const wrong = Object.entries(value).flatMap(([name, item]) => {
      const property = properties.find((one) => one.name === name);
      const at = [...path, name];
      if (property !== undefined) return this.of(item, this.checker.getTypeOfSymbol(property), at);
      if (index !== undefined) return this.of(item, index, at);
      const names = properties.map((one) => one.name).join(', ');
      return [{ property: pathText(at), reason: `no such property; there are ${names}` }];
    });
    return [...missing, ...wrong];
  }

  /** A class among the members is a resource, which the SDK sends as its id. */
  #isObjectType(type: ts.Type): boolean {
    const isClass = ((type.symbol as ts.Symbol | undefined)?.flags ?? 0) & ts.SymbolFlags.Class;
    return !!(type.flags & ts.TypeFlags.Object) && !isClass && !this.checker.isArrayType(type);
  }

  #misfit(value: Json, members: readonly ts.Type[], path: Path): Misfit {
    const allowed = members.map((member) => this.checker.typeToString(member)).join(' | ');
    const received = JSON.stringify(value).slice(0, 120);
    return { property: pathText(path), reason: `expected ${allowed}; received ${received}` };
  }
}

/** The types that a value may have instead of each other; that a property may be left out is said apart. */
function membersOf(type: ts.Type): readonly ts.Type[] {
  const members = type.isUnion() ? type.types : [type];
  return members.filter(({ flags }) => !(flags & ts.TypeFlags.Undefined));
}

function fitsLeaf(value: null | boolean | number | string, type: ts.Type): boolean {
  if (type.isStringLiteral() || type.isNumberLiteral()) return type.value === value;
  switch (typeof value) {
    case 'string':
      return !!(type.flags & ts.TypeFlags.String);
    case 'number':
      return !!(type.flags & ts.TypeFlags.Number);
    case 'boolean':
      return !!(type.flags & ts.TypeFlags.BooleanLike);
    default:
      return false;
  }
}

/** Of several types that a value may have, the one that it comes nearest to; undefined for none at all. */
function fewest(found: readonly (readonly Misfit[])[]): readonly Misfit[] | undefined {
  return [...found].sort((a, b) => a.length - b.length)[0];
}

function isAsset(value: JsonObject): boolean {
  const signature = value[specialSigKey];
  return signature === specialAssetSig || signature === specialArchiveSig;
}

function isAssetType(type: ts.Type): boolean {
  return /^(File)?(Asset|Archive)$/.test((type.symbol as ts.Symbol | undefined)?.name ?? '');
}
