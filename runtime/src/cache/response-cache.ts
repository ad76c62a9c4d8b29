import type { CallTerms } from '../call';
import { bytesOf } from '../engine/rows';
import type { AnswerHeaders, Run, RunStep, StepResult } from '../infer';
import type { LoadedVersion } from '../repository/loaded-version';
import { requestDirectives } from './directives';
import { Flight } from './flight';
import { encodeFrame, frameHead, frameOutputs, type KeptAnswer } from './frame';
import type { CacheKeys } from './key';
import type { CachePolicies, CachePolicy } from './policy';
import type { CacheStore } from './store';

/** What the cache tells of itself. */
export interface CacheTold {
  /** Answered without a run of its own. */
  readonly hit: (version: LoadedVersion) => void;
  readonly miss: (version: LoadedVersion) => void;
}

export interface ResponseCacheParts {
  readonly keys: CacheKeys;
  readonly store: CacheStore;
  readonly policies: CachePolicies;
  /** Greatest size of the inputs, and of the outputs, of an answer that is kept. */
  readonly maxEntryBytes: number;
  readonly told: CacheTold;
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
}

/** What the run of a flight gave. */
interface Flown {
  readonly result: StepResult;
  /** `undefined` where it is too large to be kept. */
  readonly frame: Buffer | undefined;
}

type Next = (run: Run) => Promise<StepResult>;

/** A request of a model that is cached, and where its answer is kept. */
interface Lookup {
  readonly run: Run;
  readonly next: Next;
  readonly policy: CachePolicy;
  readonly key: string;
}

/** Gives equal requests of one caller equal answers, out of one run. */
export class ResponseCache {
  private readonly flights = new Map<string, Flight<Flown>>();
  private readonly now: () => number;

  constructor(private readonly parts: ResponseCacheParts) {
    this.now = parts.now ?? Date.now;
  }

  /** Whether requests to a version may be answered without a run. */
  covers(version: LoadedVersion): boolean {
    return this.parts.policies.of(version) !== undefined;
  }

  readonly step: RunStep = (run, next) => {
    const policy = this.parts.policies.of(run.version);
    return policy === undefined ? next(run) : this.answer(run, next, policy);
  };

  /**
   * An answer that is not fresh any more, for want of a better one.
   *
   * @param maxAgeMillis - greatest age.
   */
  async stale(run: Run, maxAgeMillis: number): Promise<StepResult | undefined> {
    const policy = this.parts.policies.of(run.version);
    if (policy === undefined || this.isTooLarge(run)) return undefined;
    if (requestDirectives(run.terms.header('cache-control')).noStore) return undefined;
    return this.kept(this.keyOf(run), policy, maxAgeMillis);
  }

  close(): void {
    this.parts.store.close();
  }

  private async answer(run: Run, next: Next, policy: CachePolicy): Promise<StepResult> {
    const { told } = this.parts;
    const { noStore, maxAgeSeconds } = requestDirectives(run.terms.header('cache-control'));
    if (noStore || this.isTooLarge(run)) return uncached(await next(run));
    const key = this.keyOf(run);
    if (maxAgeSeconds > 0) {
      const maxAgeMillis = Math.min(policy.freshMillis, maxAgeSeconds * 1000);
      let found = await this.kept(key, policy, maxAgeMillis);
      // Nothing is waited for between this look at the flights and the start of an own one.
      const flight = this.flights.get(key);
      if (found === undefined && flight?.isOpen === true) {
        found = await this.joined(flight, run.terms, policy);
      }
      if (found !== undefined) {
        told.hit(run.version);
        return found;
      }
    }
    told.miss(run.version);
    return this.lead({ run, next, policy, key });
  }

  private async kept(
    key: string,
    policy: CachePolicy,
    maxAgeMillis: number,
  ): Promise<StepResult | undefined> {
    const frame = await this.parts.store.get(key);
    const head = frame && frameHead(frame);
    if (frame === undefined || head === undefined) return undefined;
    // Clocks of servers differ a little: an answer from the future is new.
    const ageMillis = Math.max(0, this.now() - head.storedAt);
    if (ageMillis > maxAgeMillis) return undefined;
    const age = String(Math.floor(ageMillis / 1000));
    return withoutRun(frame, { ...freshHeaders(head, policy), age });
  }

  /** The answer of an equal request that is under way. @returns `undefined` where it failed */
  private async joined(
    flight: Flight<Flown>,
    terms: CallTerms,
    policy: CachePolicy,
  ): Promise<StepResult | undefined> {
    const landed = await flight.join(terms, terms.deadline);
    // Its failure may be its own: its caller's deadline, or priority. This one is run by itself.
    if (!landed.ok || landed.value.frame === undefined) return undefined;
    const { frame } = landed.value;
    const head = frameHead(frame);
    return head && withoutRun(frame, freshHeaders(head, policy));
  }

  private async lead(lookup: Lookup): Promise<StepResult> {
    const { run, key, policy } = lookup;
    const flight = new Flight((left) => this.fly(lookup, left));
    this.flights.set(key, flight);
    const leave = (): void => {
      if (this.flights.get(key) === flight) this.flights.delete(key);
    };
    void flight.over.then(leave);
    const landed = await flight.join(run.terms);
    if (!landed.ok) throw landed.error;
    const { result, frame } = landed.value;
    const head = frame && frameHead(frame);
    return head === undefined
      ? uncached(result)
      : { ...result, headers: { ...result.headers, ...freshHeaders(head, policy) } };
  }

  /** The run itself. It belongs to no caller, and so holds on to the version by itself. */
  private async fly({ run, next, policy, key }: Lookup, left: AbortSignal): Promise<Flown> {
    const { version, terms } = run;
    const { caller, deadline, priority } = terms;
    version.acquire();
    try {
      const header = (name: string): string | undefined => terms.header(name);
      const result = await next({ ...run, terms: { caller, left, deadline, priority, header } });
      if (bytesOf(result.outputs) > this.parts.maxEntryBytes) return { result, frame: undefined };
      const origin = `${version.model} ${version.version} ${version.digest ?? ''}`;
      const frame = encodeFrame(result.outputs, origin, this.now());
      this.parts.store.set(key, frame, policy.keepMillis);
      return { result, frame };
    } finally {
      version.release();
    }
  }

  private keyOf({ version, request, terms }: Run): string {
    const { model, digest = '' } = version;
    const tenant = terms.caller.id;
    return this.parts.keys.of({ model, version: version.version, digest, tenant }, request);
  }

  private isTooLarge({ request }: Run): boolean {
    return bytesOf(request.inputs) > this.parts.maxEntryBytes;
  }
}

function withoutRun(frame: Buffer, headers: AnswerHeaders): StepResult {
  const outputs = frameOutputs(frame);
  return { outputs, queueMicros: 0, computeMicros: 0, isRepeated: true, headers };
}

function freshHeaders(
  { etag }: Pick<KeptAnswer, 'etag'>,
  { visibility, freshMillis }: CachePolicy,
): AnswerHeaders {
  return { etag, 'cache-control': `${visibility}, max-age=${freshMillis / 1000}` };
}

function uncached(result: StepResult): StepResult {
  return { ...result, headers: { ...result.headers, 'cache-control': 'no-store' } };
}
