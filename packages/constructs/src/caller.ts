import type { Verb } from '@manara/contract';
import { ConstructError } from './construct-error';
import { Peer } from './peer';
import { anyNumber, either, listOf, optional, peer, record, shown, text } from './props/kinds';

/** What a caller of an endpoint may be let do. */
export type CallerVerb = Exclude<Verb, 'health' | 'own' | 'metrics'>;

/** A caller, and what it may do. Held by a mesh, which knows who calls. */
export interface Caller {
  readonly peer: Peer;
  /**
   * What it may do: `infer`, `explain`, `read` (metadata, statistics), `load`, `admin`. Health, and jobs of
   * its own, are always among it.
   * @default - infer, explain, read
   */
  readonly verbs?: readonly CallerVerb[];
  /**
   * Versions that it may use, by paths that name them. gRPC is closed to it: there the version stands in the
   * message, which a mesh does not read.
   * @default - all, by REST and gRPC
   */
  readonly versions?: readonly number[];
}

export const callerVerbs = [
  'infer',
  'explain',
  'read',
  'load',
  'admin',
] as const satisfies readonly CallerVerb[];

export const defaultVerbs: readonly CallerVerb[] = ['infer', 'explain', 'read'];

export const caller = either(
  peer,
  record({ peer, verbs: optional(listOf(text)), versions: optional(listOf(anyNumber)) }),
);

/** A peer alone is a caller with the defaults. */
export function asCaller(given: Peer | Caller): Caller {
  return Peer.isPeer(given) ? { peer: given } : given;
}

/**
 * @param at construct path
 * @throws ConstructError MANARA_PROP for verbs that there are not, MANARA_VERSIONS for versions that are not
 * served
 */
export function validateCallers(
  at: string,
  callers: readonly Caller[],
  served: readonly number[],
): void {
  for (const [i, { verbs, versions }] of callers.entries()) {
    const stranger = verbs?.find((verb) => !callerVerbs.includes(verb));
    if (stranger !== undefined || verbs?.length === 0) {
      throw new ConstructError(
        'MANARA_PROP',
        at,
        `callers.${i}.verbs: expected some of ${callerVerbs.join(', ')}; received ${stranger === undefined ? 'none' : shown(stranger)}`,
      );
    }
    const unknown = versions?.find((version) => !served.includes(version));
    if (unknown !== undefined || versions?.length === 0) {
      throw new ConstructError(
        'MANARA_VERSIONS',
        at,
        `callers.${i}.versions: expected some of ${served.join(', ')}; received ${unknown ?? 'none'}`,
      );
    }
  }
}
