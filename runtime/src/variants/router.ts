import { randomUUID } from 'node:crypto';
import type { RoutedModel } from '@manara/contract';
import type { CallTerms } from '../call';
import type { LoadedVersion } from '../repository/loaded-version';
import type { Assignment } from './assignment';
import { draw, pseudonym, type Weighted } from './draw';
import type { FlagQuestion } from './flags/flag-source';

export type RoutedModels = Readonly<Record<string, RoutedModel>>;

export interface RouterOptions {
  readonly models: RoutedModels;
  readonly salt: string;
  /** The variant that a flag names. @default - there are no flags */
  readonly flag?: ((question: FlagQuestion) => Promise<string | undefined>) | undefined;
}

interface Usable extends Weighted {
  readonly version: number;
}

/** Decides which version answers a request whose path names none: by rule, then flag, then weights. */
export class VariantRouter {
  private models: RoutedModels;

  /** By name, what is said of each model. */
  get routed(): RoutedModels {
    return this.models;
  }

  constructor(private readonly options: RouterOptions) {
    this.models = options.models;
  }

  /** Takes effect with the next request. */
  replace(models: RoutedModels): void {
    this.models = models;
  }

  model(name: string): RoutedModel | undefined {
    return Object.hasOwn(this.models, name) ? this.models[name] : undefined;
  }

  /**
   * The versions that may answer for a model where none is named.
   *
   * @param chosen - the version that does where no variant is given.
   * @returns `undefined` where nothing is said of the model.
   */
  versions(
    name: string,
    ready: readonly LoadedVersion[],
    chosen: number,
  ): readonly number[] | undefined {
    const model = this.model(name);
    if (model === undefined) return undefined;
    const usable = usableOf(model, ready);
    const isDrawn = usable.some(({ weight }) => weight > 0);
    const versions = usable.map(({ version }) => version);
    return isDrawn ? versions : [...versions, chosen];
  }

  /**
   * @param ready - versions of the model that answer; a variant whose version is not among them is passed
   *   over.
   * @returns `undefined` where nothing is said of the model, or none of its variants is ready.
   */
  assign(
    name: string,
    ready: readonly LoadedVersion[],
    terms: CallTerms,
  ): Assignment | undefined | Promise<Assignment | undefined> {
    const model = this.model(name);
    if (model === undefined) return undefined;
    const usable = usableOf(model, ready);
    const key = keyOf(model, terms);
    const unit = key === undefined ? undefined : pseudonym(this.options.salt, key);
    const given = (variant: string | undefined, reason: Assignment['reason']) => {
      const found = usable.find((one) => one.name === variant);
      return found && { variant: found.name, version: found.version, reason, unit };
    };
    const ruled = given(ruleOf(model, terms), 'rule');
    if (ruled !== undefined) return ruled;
    // The salt keeps models apart: whoever is drawn for a trial of one is not so for all.
    const drawn = (): Assignment | undefined =>
      given(draw(usable, `${this.options.salt} ${name}`, key ?? randomUUID()), 'weight');
    const { flag } = this.options;
    if (model.flag === undefined || flag === undefined) return drawn();
    return flag({ key: model.flag, model: name, unit, terms }).then(
      (variant) => given(variant, 'flag') ?? drawn(),
    );
  }
}

/** The variants whose version is ready. */
function usableOf({ variants }: RoutedModel, ready: readonly LoadedVersion[]): readonly Usable[] {
  return Object.entries(variants)
    .filter(([, { version }]) => ready.some((loaded) => loaded.version === version))
    .map(([name, { version, weight }]) => ({ name, version, weight }));
}

/** Whom the draw sticks to. */
function keyOf({ stickyHeader }: RoutedModel, terms: CallTerms): string | undefined {
  const key = stickyHeader === undefined ? terms.caller.id : terms.header(stickyHeader);
  return key === '' ? undefined : key;
}

function ruleOf({ rules = [] }: RoutedModel, terms: CallTerms): string | undefined {
  return rules.find(({ header, equals }) => terms.header(header) === equals)?.variant;
}
