import type { ExplanationMethod } from '@manara/contract';
import type { InferResponse, Tensor } from '../protocol/tensor';
import type { Explanation } from './explanation';
import type { FeatureSet } from './features';
import type { ExplainParameters } from './parameters';
import type { Subject } from './subject';

/** Names of the tensors of an answer. */
export const answerNames = {
  attributions: 'attributions',
  standardError: 'standard_error',
  known: 'known',
  featureNames: 'feature_names',
  baseValue: 'base_value',
  prediction: 'prediction',
  additivityError: 'additivity_error',
} as const;

export interface Explained {
  readonly subject: Subject;
  readonly explanation: Explanation;
  readonly method: ExplanationMethod;
  readonly target: number;
  readonly parameters: ExplainParameters;
  /** @default - elements of the row, without names */
  readonly featureSet: FeatureSet | undefined;
  /** Said beside what every method has. */
  readonly details: Readonly<Record<string, string | number>>;
  readonly evaluations: number;
}

/** An explanation in the protocol's form. */
export function answerOf(explained: Explained): InferResponse {
  const { subject, explanation, method, target, featureSet, parameters, evaluations } = explained;
  const { attributions, standardErrors, known, base, prediction } = explanation;
  const shape = featureSet?.isGrouped === true ? [attributions.length] : subject.rowShape;
  let sum = 0;
  for (const value of attributions) sum += value;
  const optional: Tensor[] = [];
  if (standardErrors !== undefined) {
    optional.push(doubles(answerNames.standardError, shape, standardErrors));
  }
  if (known !== undefined) {
    optional.push({ name: answerNames.known, datatype: 'BOOL', shape, data: known });
  }
  if (featureSet?.names !== undefined) {
    const data = [...featureSet.names];
    optional.push({ name: answerNames.featureNames, datatype: 'BYTES', shape, data });
  }
  return {
    model: subject.model,
    version: subject.version,
    parameters: {
      method,
      mode: explanation.mode,
      complete: explanation.complete,
      input: subject.input.name,
      output: subject.output.name,
      target,
      evaluations,
      ...(parameters.budget === undefined ? {} : { budget: parameters.budget }),
      ...explained.details,
    },
    outputs: [
      doubles(answerNames.attributions, shape, attributions),
      doubles(answerNames.baseValue, [1], Float64Array.of(base)),
      doubles(answerNames.prediction, [1], Float64Array.of(prediction)),
      doubles(answerNames.additivityError, [1], Float64Array.of(prediction - base - sum)),
      ...optional,
    ],
  };
}

function doubles(name: string, shape: readonly number[], data: Float64Array): Tensor {
  return { name, datatype: 'FP64', shape, data };
}
