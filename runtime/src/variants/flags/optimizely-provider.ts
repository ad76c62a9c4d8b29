import type * as Optimizely from '@optimizely/optimizely-sdk';
import {
  type EvaluationContext,
  type JsonValue,
  type Provider,
  type ResolutionDetails,
  StandardResolutionReasons,
  TypeMismatchError,
} from '@openfeature/server-sdk';

/**
 * Optimizely by OpenFeature: a flag's value is the key of its variation. The data file is read once and
 * decisions are made here; without an event processor none is reported.
 */
export class OptimizelyProvider implements Provider {
  readonly metadata = { name: 'Optimizely' };
  readonly runsOn = 'server';
  private readonly client: Optimizely.Client;

  /** @throws Error where the data file is not one. */
  constructor(sdk: typeof Optimizely, datafile: string) {
    this.client = sdk.createInstance({
      projectConfigManager: sdk.createStaticProjectConfigManager({ datafile }),
    });
    if (this.client.getOptimizelyConfig() === null) throw new Error('it is not a data file');
  }

  resolveStringEvaluation(
    flag: string,
    fallback: string,
    { targetingKey = '', ...rest }: EvaluationContext,
  ): Promise<ResolutionDetails<string>> {
    const attributes: Record<string, string> = {};
    for (const [name, value] of Object.entries(rest)) {
      if (typeof value === 'string') attributes[name] = value;
    }
    const user = this.client.createUserContext(targetingKey, attributes);
    const variation = user.decide(flag).variationKey;
    const { DEFAULT, TARGETING_MATCH } = StandardResolutionReasons;
    return Promise.resolve(
      variation === null
        ? { value: fallback, reason: DEFAULT }
        : { value: variation, variant: variation, reason: TARGETING_MATCH },
    );
  }

  resolveBooleanEvaluation(): Promise<ResolutionDetails<boolean>> {
    return Promise.reject(onlyStrings());
  }

  resolveNumberEvaluation(): Promise<ResolutionDetails<number>> {
    return Promise.reject(onlyStrings());
  }

  resolveObjectEvaluation<T extends JsonValue>(): Promise<ResolutionDetails<T>> {
    return Promise.reject(onlyStrings());
  }

  async onClose(): Promise<void> {
    await this.client.close();
  }
}

function onlyStrings(): Error {
  return new TypeMismatchError('variations are named by strings');
}
