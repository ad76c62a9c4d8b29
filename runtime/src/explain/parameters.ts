import {
  type ExplanationLink,
  explanationLinks,
  type ExplanationMethod,
  explanationMethods,
} from '@manara/contract';
import { errors } from '../errors';
import { describe } from '../protocol/describe';
import { defaults, limits } from './limits';

/** What a request asks of its explanation; what it leaves out is the version's or the server's to say. */
export interface ExplainParameters {
  readonly method: ExplanationMethod | undefined;
  readonly input: string | undefined;
  readonly target: number | undefined;
  readonly link: ExplanationLink | undefined;
  readonly seed: number;
  readonly budget: number | undefined;
  readonly deadlineMillis: number;
  readonly groups: readonly (readonly number[])[] | undefined;
  readonly axes: readonly number[] | undefined;
  readonly window: readonly number[] | undefined;
  readonly stride: readonly number[] | undefined;
  readonly positions: readonly number[] | undefined;
  readonly baseline: number | undefined;
}

/** Parameters as either protocol carries them: texts, numbers and booleans, nothing nested. */
export type ParameterValues = Readonly<Record<string, unknown>>;

/** Parameters of every request that say nothing about the explanation. */
const others: readonly string[] = ['binary_data_output'];

const ofShapley = ['link', 'groups', 'seed'] as const;
const ofOcclusion = ['axes', 'window', 'stride', 'positions', 'baseline'] as const;
const ofAll = ['method', 'input', 'target', 'budget', 'deadline_ms'] as const;
const known: readonly string[] = [...ofAll, ...ofShapley, ...ofOcclusion];

/** @throws ServingError FIELD_INVALID naming the parameter, what was received and what is allowed. */
export function readParameters(values: ParameterValues): ExplainParameters {
  for (const name of Object.keys(values)) {
    if (known.includes(name) || others.includes(name)) continue;
    throw errors.fieldInvalid('parameters', `"${name}"`, `some of ${known.join(', ')}`);
  }
  const at = (name: (typeof ofAll | typeof ofShapley | typeof ofOcclusion)[number]): Value => ({
    name,
    value: values[name],
  });
  return {
    method: choice(at('method'), explanationMethods),
    input: text(at('input')),
    target: whole(at('target'), 0, limits.elements - 1),
    link: choice(at('link'), explanationLinks),
    seed: whole(at('seed'), 0, Number.MAX_SAFE_INTEGER) ?? defaults.seed,
    budget: whole(at('budget'), 1, limits.evaluations),
    deadlineMillis: whole(at('deadline_ms'), 1, limits.deadlineMillis) ?? defaults.deadlineMillis,
    groups: groups(at('groups')),
    axes: list(at('axes'), 8),
    window: list(at('window'), 8),
    stride: list(at('stride'), 8),
    positions: list(at('positions'), limits.windows),
    baseline: number(at('baseline')),
  };
}

/** @throws ServingError FIELD_INVALID where a parameter is given that the method has no use for. */
export function checkMethodParameters(method: ExplanationMethod, values: ParameterValues): void {
  const foreign: readonly string[] = method === 'occlusion' ? ofShapley : ofOcclusion;
  for (const name of foreign) {
    if (values[name] === undefined) continue;
    const expected = `nothing: method ${method} has no use for it`;
    throw errors.fieldInvalid(`parameters.${name}`, describe(values[name]), expected);
  }
}

interface Value {
  readonly name: string;
  readonly value: unknown;
}

function refuse({ name, value }: Value, expected: string): Error {
  return errors.fieldInvalid(`parameters.${name}`, describe(value), expected);
}

function choice<Choice extends string>(at: Value, choices: readonly Choice[]): Choice | undefined {
  if (at.value === undefined) return undefined;
  const found = choices.find((candidate) => candidate === at.value);
  if (found === undefined) throw refuse(at, `one of ${choices.join(', ')}`);
  return found;
}

function text(at: Value): string | undefined {
  if (at.value !== undefined && typeof at.value !== 'string') throw refuse(at, 'a string');
  return at.value;
}

function whole(at: Value, least: number, greatest: number): number | undefined {
  const { value } = at;
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= greatest) {
    return value;
  }
  throw refuse(at, `a whole number from ${least} to ${greatest}`);
}

function number(at: Value): number | undefined {
  if (at.value === undefined) return undefined;
  if (typeof at.value === 'number' && Number.isFinite(at.value)) return at.value;
  throw refuse(at, 'a number');
}

function groups(at: Value): readonly (readonly number[])[] | undefined {
  if (at.value === undefined) return undefined;
  const expected = 'groups of elements apart by ";", like "0-3;7;4,5"';
  if (typeof at.value !== 'string') throw refuse(at, expected);
  let room: number = limits.elements;
  return at.value.split(';').map((part) => {
    const group = ranges(part, room);
    if (group === undefined) throw refuse(at, expected);
    room -= group.length;
    return group;
  });
}

function list(at: Value, most: number): readonly number[] | undefined {
  if (at.value === undefined) return undefined;
  const found =
    typeof at.value === 'string' || typeof at.value === 'number'
      ? ranges(String(at.value), most)
      : undefined;
  if (found !== undefined) return found;
  throw refuse(at, `at most ${most} whole numbers, like "2,3" or "1-5,8"`);
}

/** Numbers and ranges apart by commas; `undefined` where the text is none, or says more than `most`. */
function ranges(written: string, most: number): readonly number[] | undefined {
  const numbers: number[] = [];
  for (const part of written.split(',')) {
    const [, first, last = first] = /^\s*(\d{1,9})(?:-(\d{1,9}))?\s*$/.exec(part) ?? [];
    const [from, to] = [Number(first), Number(last)];
    // NaN, where nothing matched, fails as well.
    if (!(to >= from) || numbers.length + to - from + 1 > most) return undefined;
    for (let i = from; i <= to; i++) numbers.push(i);
  }
  return numbers;
}
