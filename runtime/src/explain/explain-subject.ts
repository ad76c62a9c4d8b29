import type { ExplanationMethod } from '@manara/contract';
import { errors } from '../errors';
import type { InferResponse } from '../protocol/tensor';
import { answerOf } from './answer';
import type { Background } from './coalition-game';
import { rawOf } from './elements';
import type { EngineEvaluation } from './evaluation';
import type { Explanation } from './explanation';
import { featureSet, type FeatureSet } from './features';
import { limits } from './limits';
import type { ShapleyMath } from './math';
import { occlusion, rowsBesideWindows } from './occlusion';
import { checkMethodParameters } from './parameters';
import { type ExplainRequest, readBackground } from './request';
import { explainByShapley } from './shapley-method';
import type { Subject } from './subject';
import type { VersionExplanation } from './version-explanation';
import { planWindows } from './windows';

/** What is explained, what was asked of the explanation, and what the version says of itself. */
export interface Question {
  readonly subject: Subject;
  readonly request: ExplainRequest;
  /** @default - the version has no `explain.json` */
  readonly known: VersionExplanation | undefined;
  readonly evaluation: EngineEvaluation;
}

export interface Answered {
  readonly response: InferResponse;
  readonly method: ExplanationMethod;
  readonly evaluations: number;
}

interface Found {
  readonly explanation: Explanation;
  readonly featureSet: FeatureSet | undefined;
  readonly details: Readonly<Record<string, string | number>>;
}

/** @throws ServingError */
export async function explainSubject(question: Question, math: ShapleyMath): Promise<Answered> {
  const { subject, request, known, evaluation } = question;
  const { parameters } = request;
  const background = readBackground(request, subject.input, subject.rowShape) ?? fitting(question);
  const method = parameters.method ?? known?.description.method ?? usualMethod(subject, background);
  checkMethodParameters(method, request.given);
  const work =
    method === 'occlusion'
      ? byOcclusion(question)
      : byShapley(question, method, background ?? missing(method), math);
  const row = await evaluation.prediction();
  if (row === undefined) throw errors.explanationIncomplete('the row itself was not evaluated');
  evaluation.target = targetOf(row, parameters.target ?? known?.description.target);
  const found = await work(row[evaluation.target] ?? NaN);
  const response = answerOf({
    ...found,
    subject,
    method,
    target: evaluation.target,
    parameters,
    evaluations: evaluation.used,
  });
  return { response, method, evaluations: evaluation.used };
}

/** Looks at everything that can be refused before the model is run. @returns the rest of the work */
type Prepared = (output: number) => Promise<Found>;

function byShapley(
  { subject, request, known, evaluation }: Question,
  method: 'kernel_shap' | 'permutation',
  background: Background,
  math: ShapleyMath,
): Prepared {
  const { seed, budget, link = known?.description.link ?? 'identity' } = request.parameters;
  const set = featuresOf(subject, request, known);
  const options = {
    row: subject.input.data,
    features: set.features,
    background,
    link,
    method,
    seed,
    budget,
  };
  const details = {
    seed,
    link,
    features: set.features.length,
    background_rows: background.weights.length,
  };
  return async (output) => ({
    explanation: await explainByShapley(evaluation, options, output, math),
    featureSet: set,
    details,
  });
}

function byOcclusion({ subject, request, known, evaluation }: Question): Prepared {
  const { parameters } = request;
  const { description } = known ?? {};
  const { axes = description?.axes, window = description?.window } = parameters;
  // The file's steps belong to the file's windows.
  const stride = parameters.stride ?? (parameters.window ? undefined : description?.stride);
  const { rowShape, input } = subject;
  const plan = planWindows(rowShape, { axes, window, stride, positions: parameters.positions });
  const rows = plan.windows.length + rowsBesideWindows;
  if (parameters.budget !== undefined && parameters.budget < rows) {
    const expected = `${rows}, one for each window and two; larger windows or strides take fewer`;
    throw errors.fieldInvalid('parameters.budget', String(parameters.budget), expected);
  }
  const baseline = baselineOf(subject, parameters.baseline ?? description?.baseline);
  return async (prediction) => ({
    explanation: await occlusion({
      evaluation,
      row: input.data,
      rowShape,
      ...plan,
      baseline,
      prediction,
    }),
    featureSet: known === undefined ? undefined : namesOf(subject, known),
    details: { windows: plan.windows.length },
  });
}

/** The version's own background, where its rows are as long as this one. */
function fitting({ subject, known }: Question): Background | undefined {
  const background = known?.background;
  if (background === undefined) return undefined;
  const { input } = subject;
  if (background.data.length === background.weights.length * input.data.length) return background;
  const why = `its own background has rows of ${background.data.length / background.weights.length} elements, and input "${input.name}" has ${input.data.length}: send one that fits`;
  throw errors.explanationUnsupported(subject.model, subject.version, why);
}

function usualMethod(subject: Subject, background: Background | undefined): ExplanationMethod {
  if (background !== undefined) {
    return subject.input.data.length > limits.kernelFeatures ? 'permutation' : 'kernel_shap';
  }
  const isTokens = /^U?INT/.test(subject.input.datatype);
  if (subject.rowShape.length > 1 || (subject.rowShape.length === 1 && isTokens))
    return 'occlusion';
  return missing('kernel_shap');
}

function missing(method: ExplanationMethod): never {
  throw errors.backgroundMissing(method);
}

function featuresOf(
  { input }: Subject,
  { parameters }: ExplainRequest,
  known: VersionExplanation | undefined,
): FeatureSet {
  const groups = parameters.groups?.map((elements) => ({ elements })) ?? known?.groups ?? [];
  const elements = input.data.length;
  const joined = groups.reduce((sum, group) => sum + group.elements.length, 0);
  const count = elements - joined + groups.length;
  if (elements > limits.mixedElements || count > limits.features) {
    const expected = `groups that make at most ${limits.features} features of at most ${limits.mixedElements} elements; for larger rows use method occlusion`;
    throw errors.fieldInvalid('parameters.groups', `${count} of ${elements}`, expected);
  }
  try {
    return featureSet(elements, known?.description.features, groups);
  } catch (error) {
    const expected = 'groups of elements of the row, each in one of them';
    throw errors.fieldInvalid('parameters.groups', (error as Error).message, expected);
  }
}

/** Names of the row's elements: what occlusion says of windows it says of each element. */
function namesOf({ input }: Subject, { description }: VersionExplanation): FeatureSet | undefined {
  const { features } = description;
  return features?.length === input.data.length
    ? { features: [], names: features, isGrouped: false }
    : undefined;
}

function baselineOf({ input }: Subject, asked: number | undefined): number | bigint {
  const isWhole = !input.datatype.startsWith('FP');
  if (asked === undefined && isWhole) {
    const expected = `the ${input.datatype} that covers an element; for text the id of the mask or padding token`;
    throw errors.fieldInvalid('parameters.baseline', 'nothing', expected);
  }
  const raw = rawOf(input.datatype, asked ?? 0);
  if (raw !== undefined) return raw;
  throw errors.fieldInvalid('parameters.baseline', String(asked), `a ${input.datatype}`);
}

/** The value that is explained: the one asked for, otherwise the greatest, the first of equals. */
function targetOf(row: readonly number[], asked: number | undefined): number {
  if (asked === undefined) {
    return row.reduce((best, value, i) => (value > (row[best] ?? NaN) ? i : best), 0);
  }
  if (asked < row.length) return asked;
  const expected = `a place in the output's row, from 0 to ${row.length - 1}`;
  throw errors.fieldInvalid('parameters.target', String(asked), expected);
}
