import {
  explanationMethodVerbs,
  grpcMethods,
  type Route,
  routes,
  type Verb,
} from '@manara/contract';
import type { GatewayVerb } from './gateway-props';

/** Requests that a rule lets through: a method and paths, in which `{*}` stands for one part. */
export interface Operation {
  readonly method: string;
  readonly paths: readonly string[];
}

export interface Asked {
  readonly endpoint: string;
  readonly verbs: readonly GatewayVerb[];
  /** By number alone; none where every version may be asked for, and none. */
  readonly versions: readonly number[] | undefined;
}

/** The REST requests that some verbs come to, for an endpoint. */
export function restOperations({ endpoint, verbs, versions }: Asked): readonly Operation[] {
  const wanted = withOwn(verbs);
  const paths = new Map<string, string[]>();
  for (const { verb, method, pattern } of Object.values(routes) as readonly Route[]) {
    if (!wanted.includes(verb)) continue;
    const filled = pathsOf(pattern, endpoint, versions);
    if (filled.length > 0) paths.set(method, [...(paths.get(method) ?? []), ...filled]);
  }
  return [...paths].map(([method, list]) => ({ method, paths: list }));
}

/** The gRPC methods that some verbs come to; none where versions are named, which their paths do not have. */
export function grpcOperations({ verbs, versions }: Asked): readonly Operation[] {
  if (versions !== undefined) return [];
  const services = {
    'inference.GRPCInferenceService': grpcMethods,
    'manara.v1.Explanation': explanationMethodVerbs,
  };
  const paths = Object.entries(services).flatMap(([service, methods]) =>
    Object.entries(methods)
      .filter(([, verb]) => (verbs as readonly Verb[]).includes(verb))
      .map(([method]) => `/${service}/${method}`),
  );
  return paths.length === 0 ? [] : [{ method: 'POST', paths }];
}

/** Whoever may infer has jobs of their own. */
function withOwn(verbs: readonly GatewayVerb[]): readonly Verb[] {
  return verbs.includes('infer') ? [...verbs, 'own'] : verbs;
}

function pathsOf(
  pattern: string,
  endpoint: string,
  versions: readonly number[] | undefined,
): readonly string[] {
  const named = pattern.replace(':model', endpoint).replace(':job', '{*}');
  if (versions === undefined) return [named.replace(':version', '{*}')];
  // What names no version would be answered by one that was not allowed.
  if (!named.includes(':version')) return pattern.includes(':job') ? [named] : [];
  return versions.map((version) => named.replace(':version', String(version)));
}
