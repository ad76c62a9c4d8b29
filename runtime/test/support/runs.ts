import { anonymous, type CallTerms } from '../../src/call';
import { unknownTraits } from '../../src/engine/probe';
import type { Run, StepResult } from '../../src/infer';
import type { Tensor } from '../../src/protocol/tensor';
import { LoadedVersion } from '../../src/repository/loaded-version';
import { defaultModelConfig } from '../../src/repository/model-config';
import { VersionStatistics } from '../../src/repository/statistics';
import { ServerMetrics } from '../../src/telemetry/metrics';

/** A vector of 32-bit floats. */
export function floats(name: string, ...values: readonly number[]): Tensor {
  return { name, datatype: 'FP32', shape: [values.length], data: Float32Array.from(values) };
}

/** A version that no engine holds. */
export function versionOf(model: string, version = 1, digest = 'd'.repeat(64)): LoadedVersion {
  return new LoadedVersion({
    model,
    version,
    key: `${model}/${version}#1`,
    fingerprint: '',
    file: '',
    traits: unknownTraits,
    digest,
    config: defaultModelConfig,
    signature: { model, inputs: [], outputs: [], maxBatchSize: 0 },
    metrics: new ServerMetrics(() => true).version(model, version, () => 0),
    statistics: new VersionStatistics(),
    explanation: undefined,
  });
}

/** The terms of a caller that is still there. */
export function termsOf(
  caller = '',
  headers: Readonly<Record<string, string>> = {},
  more: Partial<CallTerms> = {},
): CallTerms {
  const { signal: left } = new AbortController();
  return { caller: { ...anonymous, id: caller }, left, header: (name) => headers[name], ...more };
}

/** A request to a version for its output `y`. */
export function runOf(version: LoadedVersion, x: Tensor, terms: CallTerms = termsOf()): Run {
  return { version, request: { inputs: [x], outputs: ['y'] }, terms, span: undefined };
}

export function resultOf(...values: readonly number[]): StepResult {
  return { outputs: [floats('y', ...values)], queueMicros: 1, computeMicros: 2 };
}
