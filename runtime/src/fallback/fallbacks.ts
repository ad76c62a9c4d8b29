import { type FallbackLink, type FallbacksConfig, headers } from '@manara/contract';
import type { Caller } from '../call';
import { ServingError } from '../errors';
import type { Run, RunStep, StepResult } from '../infer';
import type { Tensor } from '../protocol/tensor';
import type { RequestSignature } from '../protocol/validate';
import type { LoadedVersion } from '../repository/loaded-version';
import { StartError } from '../start-error';
import { Attempt, type Outcome } from './attempt';
import { incompatibility, outputFault } from './compatible';
import { StaticAnswer } from './static-answer';

export interface FallbackParts {
  /** @throws ServingError where no version answers. */
  readonly find: (model: string, version: string | undefined) => LoadedVersion;
  readonly ready: (model: string) => readonly LoadedVersion[];
  /** An answer from the response cache, however old. */
  readonly stale: (run: Run, maxAgeMillis: number) => Promise<StepResult | undefined>;
  readonly degraded: (asked: Asked, by: 'model' | 'cached' | 'static') => void;
}

/** The version that would have answered; of a model that is not ready none is known. */
type Asked = Pick<LoadedVersion, 'model'> & Partial<Pick<LoadedVersion, 'version'>>;

/** Failures that are the server's: for the rest another model would have no other answer. */
const excused: ReadonlySet<string> = new Set([
  'OVERLOADED',
  'QUEUE_FULL',
  'DEADLINE_EXCEEDED',
  'ENGINE_FAILED',
]);

interface Link extends FallbackLink {
  readonly answer: StaticAnswer | undefined;
}

interface Chain {
  readonly afterMillis: number | undefined;
  readonly links: readonly Link[];
}

interface Degraded {
  readonly by: 'model' | 'cached' | 'static';
  /** What answered, as the header tells it. */
  readonly which: string;
  readonly result: StepResult;
}

type Next = (run: Run) => Promise<StepResult>;

/** What answers in place of models that are overloaded, late or fail. */
export class Fallbacks {
  private readonly chains: ReadonlyMap<string, Chain>;

  /** @throws StartError where a static answer's elements do not go with its datatype and shape. */
  constructor(
    config: FallbacksConfig,
    private readonly parts: FallbackParts,
  ) {
    this.chains = new Map(
      Object.entries(config).map(([model, { afterMillis, chain }]) => [
        model,
        {
          afterMillis,
          links: chain.map((link, i) => readLink(link, `fallbacks.${model}.chain.${i}`)),
        },
      ]),
    );
  }

  /** Whether a model has something to fall back to. */
  covers(model: string): boolean {
    return this.chains.has(model);
  }

  /** The models of the chain that answer now; `undefined` where there is no chain. */
  standIns(model: string): readonly LoadedVersion[] | undefined {
    return this.chains.get(model)?.links.flatMap((link) => this.answering(link) ?? []);
  }

  /**
   * The first model of the chain that answers. An older answer or a fixed one cannot stand in for a model that
   * is not ready: nobody knows then what its requests look like.
   */
  standIn(model: string, caller: Caller): LoadedVersion | undefined {
    for (const link of this.chains.get(model)?.links ?? []) {
      const version = this.answering(link);
      if (version === undefined) continue;
      if (caller.permit('infer', version.model, version.version) !== undefined) return version;
    }
    return undefined;
  }

  readonly step: RunStep = (run, next) => {
    const { standsIn, version } = run;
    // Its own chain is not followed any further.
    if (standsIn !== undefined) {
      return next(run).then((result) => {
        this.parts.degraded({ model: standsIn.for }, 'model');
        return resultOfDegraded({ by: 'model', which: nameOf(version), result });
      });
    }
    const chain = this.chains.get(run.version.model);
    return chain === undefined || run.isExact === true ? next(run) : this.guard(run, next, chain);
  };

  /**
   * Holds a version that is being loaded against those that it stands in for, and that stand in for it.
   *
   * @throws Error naming the two, and what does not fit.
   */
  check(model: string, version: number, signature: RequestSignature): void {
    for (const link of this.chains.get(model)?.links ?? []) {
      const fault = link.answer && outputFault(signature, link.answer.signature);
      if (fault !== undefined) throw refusal(model, 'the static answer', fault);
      for (const standIn of this.named(link)) {
        checkPair(
          model,
          signature,
          `${standIn.model} version ${standIn.version}`,
          standIn.signature,
        );
      }
    }
    for (const [asked, { links }] of this.chains) {
      if (!links.some((link) => names(link, model, version))) continue;
      for (const loaded of this.parts.ready(asked)) {
        if (asked === model && loaded.version === version) continue;
        checkPair(asked, loaded.signature, `${model} version ${version}`, signature);
      }
    }
  }

  private named(link: Link): readonly LoadedVersion[] {
    if (link.model === undefined) return [];
    return this.parts.ready(link.model).filter(({ model, version }) => names(link, model, version));
  }

  private answering({ model, version }: Link): LoadedVersion | undefined {
    if (model === undefined) return undefined;
    try {
      return this.parts.find(model, version === undefined ? undefined : String(version));
    } catch (error) {
      if (error instanceof ServingError) return undefined;
      throw error;
    }
  }

  private async guard(run: Run, next: Next, { afterMillis, links }: Chain): Promise<StepResult> {
    // The engine takes the memory of the inputs with it.
    const spare = links.every(({ answer }) => answer !== undefined) ? run : withCopies(run);
    const attempt = new Attempt(run, next);
    const outcome = await attempt.within(afterMillis);
    if (outcome.kind === 'answered') return outcome.result;
    const isRefused = outcome.kind === 'failed' && !isExcused(outcome.error);
    if (isRefused || run.terms.left.aborted) return resultOf(await attempt.within());
    for (const link of links) {
      const degraded = await this.follow(link, spare, next);
      if (degraded === undefined) continue;
      attempt.abandon();
      this.parts.degraded(run.version, degraded.by);
      return resultOfDegraded(degraded);
    }
    // Nothing stands in: what is late may still come.
    return resultOf(await attempt.within());
  }

  /** @returns `undefined` where this link has no answer either. */
  private async follow(link: Link, run: Run, next: Next): Promise<Degraded | undefined> {
    if (link.answer !== undefined) {
      const outputs = link.answer.answer(run.request, run.version.signature);
      return {
        by: 'static',
        which: 'static',
        result: { outputs, queueMicros: 0, computeMicros: 0 },
      };
    }
    if (link.cachedSeconds !== undefined) {
      const result = await this.parts.stale(run, link.cachedSeconds * 1000);
      return result && { by: 'cached', which: 'cached', result };
    }
    return this.runOther(link, run, next).catch((error: unknown) => {
      if (error instanceof ServingError) return undefined;
      throw error;
    });
  }

  private async runOther(link: Link, run: Run, next: Next): Promise<Degraded | undefined> {
    const { model = '', version: number } = link;
    const version = this.parts.find(model, number === undefined ? undefined : String(number));
    if (version === run.version) return undefined;
    const permit = run.terms.caller.permit('infer', version.model, version.version);
    if (permit === undefined) return undefined;
    version.acquire();
    try {
      // The next link may need the inputs again.
      const result = await next({ ...withCopies(run), version });
      return { by: 'model', which: nameOf(version), result: { ...result, answeredBy: version } };
    } finally {
      version.release();
    }
  }
}

/** What answered, as the header tells it. */
function nameOf({ model, version }: LoadedVersion): string {
  return `model ${model}/${version}`;
}

function readLink(link: FallbackLink, at: string): Link {
  try {
    return { ...link, answer: link.static && new StaticAnswer(link.static) };
  } catch (error) {
    if (error instanceof ServingError)
      throw new StartError(`${at}.static: ${error.message.replace(/^Input/, 'Output')}`);
    throw error;
  }
}

function names(link: Link, model: string, version: number): boolean {
  return link.model === model && (link.version === undefined || link.version === version);
}

function checkPair(
  model: string,
  asked: RequestSignature,
  standIn: string,
  signature: RequestSignature,
): void {
  const fault = incompatibility(asked, signature);
  if (fault !== undefined) throw refusal(model, standIn, fault);
}

function refusal(model: string, standIn: string, fault: string): Error {
  return new Error(`${standIn} cannot be the fallback of "${model}": ${fault}`);
}

function isExcused(error: unknown): boolean {
  return error instanceof ServingError && excused.has(error.code);
}

function resultOf(outcome: Outcome): StepResult {
  if (outcome.kind === 'answered') return outcome.result;
  throw outcome.kind === 'failed' ? outcome.error : new Error('the run has not ended');
}

/** It is said to be what it is, and caches on the way are not to keep it for the answer of the model. */
function resultOfDegraded({ which, result }: Degraded): StepResult {
  const { age } = result.headers ?? {};
  const said = { 'cache-control': 'no-store', [headers.degraded]: which };
  return {
    ...result,
    isRepeated: true,
    headers: age === undefined ? said : { ...said, age },
  };
}

function withCopies(run: Run): Run {
  return { ...run, request: { ...run.request, inputs: run.request.inputs.map(copyOf) } };
}

function copyOf(tensor: Tensor): Tensor {
  return Array.isArray(tensor.data) ? tensor : { ...tensor, data: tensor.data.slice() };
}
