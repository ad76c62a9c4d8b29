import type { AccessRule, Verb } from '@manara/contract';
import type { Caller, Permit, Standing } from '../call';
import { patterns } from './pattern';

/** What a credential says of its bearer. Whatever an issuer said carries the issuer's name. */
export interface Bearer {
  readonly id: string;
  readonly groups: readonly string[];
  /** @default - none */
  readonly scopes?: readonly string[];
  /** @default - none */
  readonly claims?: ReadonlyMap<string, readonly string[]>;
}

interface CompiledRule {
  readonly concerns: (bearer: Bearer) => boolean;
  readonly allows: (verb: Verb, model: string | undefined, version: number | undefined) => boolean;
  readonly permit: Permit;
}

/** The rules of the configuration: who may do what on which models and versions. */
export class Rules {
  private readonly rules: readonly CompiledRule[];
  /** Names of those that rules ask for. */
  private readonly claims: ReadonlySet<string>;

  constructor(rules: readonly AccessRule[]) {
    this.rules = rules.map(compile);
    this.claims = new Set(rules.flatMap(({ claims = {} }) => Object.keys(claims)));
  }

  /** A caller with what the rules allow it. To be kept as long as the credential stands. */
  caller(bearer: Bearer): Caller {
    const own = this.rules.filter(({ concerns }) => concerns(bearer));
    return {
      id: bearer.id,
      standing: this.standingOf(bearer),
      permit: (verb, model, version) =>
        own.find(({ allows }) => allows(verb, model, version))?.permit,
    };
  }

  /** Whoever was known before, with what the rules allow them now. */
  recalled(id: string, { claims = {}, ...standing }: Standing): Caller {
    return this.caller({ ...standing, id, claims: new Map(Object.entries(claims)) });
  }

  /** Of the claims only those that rules ask for: a token tells more of its bearer than is to be kept. */
  private standingOf({ groups, scopes, claims }: Bearer): Standing {
    const asked = [...(claims ?? [])].filter(([name]) => this.claims.has(name));
    return {
      groups,
      ...(scopes === undefined ? {} : { scopes }),
      ...(asked.length === 0 ? {} : { claims: Object.fromEntries(asked) }),
    };
  }
}

function compile(rule: AccessRule, index: number): CompiledRule {
  const { limit, versions } = rule;
  const verbs: ReadonlySet<string> = new Set(rule.verbs);
  const isModel = patterns(rule.models);
  // What concerns the server as a whole is nobody's whose rule is for some models only.
  const everywhere = versions === undefined && (rule.models?.includes('*') ?? true);
  return {
    concerns: concerns(rule),
    allows: (verb, model, version) => {
      if (!verbs.has(verb)) return false;
      if (model === undefined) return everywhere;
      if (isModel !== undefined && !isModel(model)) return false;
      return versions === undefined || (version !== undefined && versions.includes(version));
    },
    permit: { name: String(index), ...(limit === undefined ? {} : { limit }) },
  };
}

/** All conditions that a rule states hold; each holds where one of its values does. */
function concerns(rule: AccessRule): (bearer: Bearer) => boolean {
  const isCaller = patterns(rule.callers);
  const isGroup = patterns(rule.groups);
  const claims = Object.entries(rule.claims ?? {});
  return (bearer) =>
    (isCaller === undefined || isCaller(bearer.id)) &&
    (isGroup === undefined || bearer.groups.some(isGroup)) &&
    (rule.scopes === undefined || rule.scopes.some((scope) => bearer.scopes?.includes(scope))) &&
    claims.every(([name, values]) =>
      bearer.claims?.get(name)?.some((value) => values.includes(value)),
    );
}
