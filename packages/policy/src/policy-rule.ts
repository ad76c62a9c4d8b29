import type { Source } from '@manara/residency';
import type { Resource } from './resource';

/** What is wrong with a resource. */
export interface Breach {
  /** What was found: names the input, the value received and what is allowed. */
  readonly because: string;
  /** What to change. */
  readonly fix: string;
  /** Where this very claim comes from. @default - the rule's sources */
  readonly source?: Source;
}

/** A requirement on a cloud's resource that is no question of a flow's two ends; one in a file. */
export interface PolicyRule {
  /** Stable id in kebab case, the policy's name; an external contract, never reused. */
  readonly id: string;
  /** The requirement in a sentence. */
  readonly title: string;
  readonly sources: readonly Source[];
  /** Types that it reads, as `Resource.type` writes them. @default - every resource */
  readonly types?: readonly string[];
  /** @default 'mandatory' */
  readonly enforcement?: 'advisory';
  /** @throws UnknownValueError at the end, where it met a value that is not known yet. */
  check(resource: Resource): Iterable<Breach>;
}

/** Defaults and meanings of inputs, as the provider's own types document them. */
export function documented(pkg: string, title: string): Source {
  return { title, where: `${pkg} on npm, types`, standing: 'primary', read: '2026-11-22' };
}

export const awsTypes = '@pulumi/aws 7.48';
export const azureTypes = '@pulumi/azure-native 3.28';
