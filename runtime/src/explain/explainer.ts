import type { ExplanationMethod } from '@manara/contract';
import { abortSignalOf, type CallTerms } from '../call';
import { errors } from '../errors';
import type { InferencePipeline } from '../infer';
import type { InferResponse } from '../protocol/tensor';
import type { LoadedVersion } from '../repository/loaded-version';
import { type Answered, explainSubject } from './explain-subject';
import { EngineEvaluation, type RunTensors } from './evaluation';
import { maxUnderWay } from './limits';
import { MathThread } from './math';
import type { ExplainRequest } from './request';
import { subjectOf } from './subject';
import { applicable } from './version-explanation';

/** An answered request for an explanation, with what telemetry tells of it. */
export interface ExplainAnswer {
  readonly request: ExplainRequest;
  readonly response: InferResponse;
  readonly method: ExplanationMethod;
  /** Rows that it ran through the engine. */
  readonly evaluations: number;
}

/** Explains what the server's models answer, by running them on rows made for it. */
export class Explainer {
  private readonly math = new MathThread();
  private underWay = 0;

  constructor(private readonly pipeline: InferencePipeline) {}

  /**
   * @throws ServingError
   */
  async explain(
    version: LoadedVersion,
    request: ExplainRequest,
    terms: CallTerms,
  ): Promise<ExplainAnswer> {
    if (this.underWay >= maxUnderWay) throw errors.explanationsTooMany(maxUnderWay);
    this.underWay++;
    version.acquire();
    try {
      return { request, ...(await this.answer(version, request, terms)) };
    } finally {
      version.release();
      this.underWay--;
    }
  }

  async close(): Promise<void> {
    await this.math.close();
  }

  private async answer(
    version: LoadedVersion,
    request: ExplainRequest,
    terms: CallTerms,
  ): Promise<Answered> {
    const { parameters, inputs } = request;
    const description = version.explanation?.description;
    const subject = subjectOf(version.signature, {
      version: version.version,
      inputs,
      input: parameters.input ?? description?.input,
      output: request.output ?? description?.output,
    });
    const known = applicable(version.explanation, subject.input.name, subject.output.name);
    const remaining = Math.max(0, (terms.deadline ?? Infinity) - performance.now());
    const late = AbortSignal.timeout(Math.ceil(Math.min(parameters.deadlineMillis, remaining)));
    const run: RunTensors = async (tensors, output, until) => {
      const { outputs } = await this.pipeline.evaluate(version, tensors, [output], {
        left: until,
        priority: 2,
      });
      const [result] = outputs;
      if (result === undefined) throw new Error(`the engine gave no output "${output}"`);
      return result;
    };
    const left = abortSignalOf(terms.left);
    const evaluation = new EngineEvaluation(subject, run, left, late);
    try {
      return await explainSubject({ subject, request, known, evaluation }, this.math.for(left));
    } finally {
      version.metrics.explain.evaluations.inc(evaluation.used);
    }
  }
}
