import type { FlagsConfig } from '@manara/contract';
import {
  type Client,
  ErrorCode,
  type EvaluationContext,
  OpenFeature,
  type Provider,
  ProviderEvents,
} from '@openfeature/server-sdk';
import type { CallTerms } from '../../call';
import type { ServerLog } from '../../telemetry/logger';

/** What a flag is asked for. */
export interface FlagQuestion {
  readonly key: string;
  readonly model: string;
  /** Pseudonym of whom the answer is to stick to. */
  readonly unit: string | undefined;
  readonly terms: CallTerms;
}

/** Milliseconds that a request waits for a provider. */
const patienceMillis = 50;

/** Errors that are of the provider, not of the question. */
const awayCodes: ReadonlySet<ErrorCode | undefined> = new Set([
  ErrorCode.PROVIDER_NOT_READY,
  ErrorCode.PROVIDER_FATAL,
  ErrorCode.GENERAL,
]);

let sources = 0;

/** Flags by OpenFeature. Where the provider is away, or does not know a flag, the weights decide. */
export class FlagSource {
  private isAway = false;
  /** Whether the provider says itself that it has lost what it gets its flags from. */
  private isLost = false;

  private constructor(
    private readonly client: Client,
    private readonly provider: Provider,
    private readonly attributes: readonly string[],
    private readonly log: ServerLog,
  ) {
    client.addHandler(ProviderEvents.Error, this.lost);
    client.addHandler(ProviderEvents.Ready, this.found);
  }

  /** Does not wait for the provider: until it is there the weights decide. */
  static open(
    provider: Provider,
    { attributes = [] }: Pick<FlagsConfig, 'attributes'>,
    log: ServerLog,
  ): FlagSource {
    // It would write to standard output past our log, and quotes contexts.
    OpenFeature.setLogger({ error: silent, warn: silent, info: silent, debug: silent });
    // Providers are global; each server has a domain of its own.
    const domain = `manara-${++sources}`;
    OpenFeature.setProvider(domain, provider);
    return new FlagSource(OpenFeature.getClient(domain), provider, attributes, log);
  }

  async variant({ key, model, unit, terms }: FlagQuestion): Promise<string | undefined> {
    const context: EvaluationContext = {
      model,
      ...(unit === undefined ? {} : { targetingKey: unit }),
    };
    for (const attribute of this.attributes) context[attribute] = valueOf(attribute, terms);
    const details = await within(patienceMillis, this.client.getStringDetails(key, '', context));
    const isAway = details === undefined || awayCodes.has(details.errorCode);
    // One that decides here goes on with the flags that it had: its answers do not tell that it is lost.
    if (!this.isLost) {
      this.note(
        isAway,
        details?.errorMessage ?? details?.errorCode ?? 'it does not answer in time',
      );
    }
    const isKnown = details?.errorCode === undefined && details?.value !== '';
    return isKnown ? details?.value : undefined;
  }

  async close(): Promise<void> {
    this.client.removeHandler(ProviderEvents.Error, this.lost);
    this.client.removeHandler(ProviderEvents.Ready, this.found);
    await this.provider.onClose?.();
  }

  private readonly lost = (details?: { readonly message?: string }): void => {
    this.isLost = true;
    this.note(true, details?.message ?? 'it is not connected');
  };

  private readonly found = (): void => {
    this.isLost = false;
    this.note(false, '');
  };

  private note(isAway: boolean, reason: string): void {
    if (this.isAway === isAway) return;
    this.isAway = isAway;
    const { name } = this.provider.metadata;
    if (isAway) {
      const message = `flags that are known decide, else the weights: flag provider ${name}: ${reason}`;
      this.log.write('warn', 'flags_away', message);
    } else {
      this.log.write('info', 'flags_back', `flag provider ${name} answers`);
    }
  }
}

function silent(): void {
  // Nothing is said.
}

function valueOf(attribute: string, terms: CallTerms): string {
  if (attribute === 'caller') return terms.caller.id;
  return terms.header(attribute.slice('header:'.length)) ?? '';
}

async function within<T>(millis: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => {
      resolve(undefined);
    }, millis);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
