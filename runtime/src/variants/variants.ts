import type { RoutedModel } from '@manara/contract';
import { headers } from '@manara/contract';
import type { CallTerms } from '../call';
import { errors } from '../errors';
import type { Run, RunStep, StepResult } from '../infer';
import type { LoadedVersion } from '../repository/loaded-version';
import type { Assignment } from './assignment';
import { fraction } from './draw';
import { cloudEvent } from './exposures/event';
import type { EventSink } from './exposures/event-sink';
import { predictedValue } from './feedback/predicted';
import { predictionKey, type PredictionWindow } from './feedback/window';
import type { RoutedModels, VariantRouter } from './router';
import { SampleRatio } from './sample-ratio';
import type { VariantMetrics } from './variant-metrics';

export interface VariantsParts {
  readonly router: VariantRouter;
  readonly sink: EventSink;
  /** Share of units whose exposures are reported. */
  readonly sample: number;
  readonly salt: string;
  /** @default - outcomes are not taken */
  readonly window: PredictionWindow | undefined;
  readonly metrics: VariantMetrics;
}

/** What became of a prediction, as the caller that asked for it tells. */
export interface Feedback {
  /** `id` of the request. */
  readonly id: string;
  readonly reward: number | undefined;
  readonly outcome: string | undefined;
}

/** Which of its versions answers for a model, what is told of that, and what comes of it. */
export class Variants {
  private ratios = new Map<string, SampleRatio>();

  constructor(private readonly parts: VariantsParts) {}

  assign(
    model: string,
    ready: readonly LoadedVersion[],
    terms: CallTerms,
  ): Assignment | undefined | Promise<Assignment | undefined> {
    return this.parts.router.assign(model, ready, terms);
  }

  /** The versions that may answer for a model where none is named, `chosen` being the default. */
  versions(
    model: string,
    ready: readonly LoadedVersion[],
    chosen: number,
  ): readonly number[] | undefined {
    return this.parts.router.versions(model, ready, chosen);
  }

  /** As they are routed now. */
  get models(): RoutedModels {
    return this.parts.router.routed;
  }

  replace(models: RoutedModels): void {
    this.parts.router.replace(models);
    // Shares are held against the weights that they were drawn by.
    this.ratios = new Map();
  }

  readonly step: RunStep = (run, next) => {
    const { assignment } = run;
    if (assignment === undefined) return next(run);
    return next(run).then((result) => {
      this.answered(run, assignment, result);
      const named = { ...result.headers, [headers.variant]: assignment.variant };
      return { ...result, headers: named };
    });
  };

  /**
   * Joins an outcome to the prediction that it is of.
   *
   * @throws ServingError FEEDBACK_OFF, PREDICTION_UNKNOWN or FEEDBACK_STORE_AWAY.
   */
  async feedback(
    model: string,
    caller: string,
    { id, reward, outcome }: Feedback,
  ): Promise<{ readonly variant: string; readonly version: number }> {
    const { window, router, metrics, sink } = this.parts;
    if (window === undefined || router.model(model) === undefined) throw errors.feedbackOff(model);
    const prediction = await window.take(predictionKey(model, caller, id));
    if (prediction === undefined) throw errors.predictionUnknown(model, id);
    const { variant, version, unit, value } = prediction;
    const match = outcome === undefined || value === undefined ? undefined : outcome === value;
    metrics.told({ model, version, variant }, reward, match);
    const data = { version: String(version), variant, unit, request: id, reward, match };
    sink.write(cloudEvent({ type: 'dev.manara.variant.feedback', model, data }));
    return { variant, version };
  }

  /** By model: probability that its shares are what the weights make of chance. */
  *sampleRatios(): Iterable<readonly [model: string, probability: number]> {
    for (const [model, ratio] of this.ratios) {
      const probability = ratio.probability(weightsOf(this.parts.router.model(model)));
      if (probability !== undefined) yield [model, probability];
    }
  }

  async close(): Promise<void> {
    this.parts.window?.close();
    await this.parts.sink.close();
  }

  private answered(run: Run, assignment: Assignment, result: StepResult): void {
    const { metrics, window, router } = this.parts;
    const { model } = run.version;
    const { variant, version, unit, reason } = assignment;
    metrics.answered({ model, version, variant });
    if (reason === 'weight' && unit !== undefined) this.ratioOf(model).count(variant, unit);
    const degraded = result.headers?.[headers.degraded];
    const { id } = run.request;
    // What stood in for the version says nothing of it.
    if (id !== undefined && window !== undefined && degraded === undefined) {
      const value = predictedValue(result.outputs, router.model(model)?.outcome);
      const key = predictionKey(model, run.terms.caller.id, id);
      window.remember(key, { version, variant, unit, value });
    }
    this.expose(run, assignment, degraded);
  }

  private expose(
    { version: { model }, request }: Run,
    { variant, version, reason, unit }: Assignment,
    degraded: string | undefined,
  ): void {
    const { sink, sample, salt } = this.parts;
    const share = unit === undefined ? Math.random() : fraction(salt, 'exposure', unit);
    if (share >= sample) return;
    const data = { version: String(version), variant, reason, unit, request: request.id, degraded };
    sink.write(cloudEvent({ type: 'dev.manara.variant.exposure', model, data }));
  }

  private ratioOf(model: string): SampleRatio {
    const ratio = this.ratios.get(model) ?? new SampleRatio();
    this.ratios.set(model, ratio);
    return ratio;
  }
}

function weightsOf(model: RoutedModel | undefined): ReadonlyMap<string, number> {
  return new Map(
    Object.entries(model?.variants ?? {}).map(([variant, { weight }]) => [variant, weight]),
  );
}
