import { cases, type Case } from './cases';
import { everybody } from './contenders/everybody';
import { rawName } from './raw/raw-side';

export interface Settings {
  readonly rounds: number;
  readonly seconds: number;
  /** Names of contenders, in small letters. */
  readonly peers: readonly string[];
  readonly cases: readonly Case[];
  readonly parts: readonly Part[];
}

const everyName = [rawName, ...everybody.map(({ name }) => name)].map((name) => name.toLowerCase());
const allParts = ['cases', 'health', 'defaults'] as const;
export type Part = (typeof allParts)[number];

/**
 * Reads what the environment says.
 *
 * @throws Error naming the variable, its value and what is allowed
 */
export function readSettings(environment: Readonly<NodeJS.ProcessEnv>): Settings {
  const number = (name: string, fallback: number, kind: 'a number' | 'a whole number') => {
    const text = environment[name] ?? String(fallback);
    const found = Number(text);
    if (!(found > 0) || (kind === 'a whole number' && !Number.isInteger(found))) {
      throw new Error(`${name} is "${text}"; ${kind} above 0 is allowed`);
    }
    return found;
  };
  const chosen = <T extends string>(name: string, allowed: readonly T[]): readonly T[] => {
    const list = words(environment[name]).map((it) => it.toLowerCase());
    const unknown = list.find((it) => !(allowed as readonly string[]).includes(it));
    if (unknown !== undefined) {
      throw new Error(`${name} has "${unknown}"; allowed are ${allowed.join(', ')}`);
    }
    return list.length === 0 ? allowed : allowed.filter((it) => list.includes(it));
  };
  const ids = chosen(
    'MANARA_PEERS_CASES',
    cases.map(({ id }) => id),
  );
  return {
    rounds: number('MANARA_PEERS_ROUNDS', 3, 'a whole number'),
    seconds: number('MANARA_PEERS_SECONDS', 2, 'a number'),
    peers: chosen('MANARA_PEERS', everyName),
    cases: cases.filter(({ id }) => ids.includes(id)),
    parts: chosen('MANARA_PEERS_PARTS', allParts),
  };
}

function words(text = ''): readonly string[] {
  return text
    .split(',')
    .map((it) => it.trim())
    .filter((it) => it !== '');
}
