import { formatShape } from '@manara/contract';
import type { SessionSignature } from '../engine/ort-types';
import type { SymbolicTensor } from '../protocol/tensor';
import type { RequestSignature } from '../protocol/validate';
import type { ConfigTensor, ModelConfig } from './model-config';
import { ModelConfigError, quoted } from './text-format';

/**
 * What requests are checked against: the model's own signature, narrowed by `config.pbtxt`.
 *
 * @throws Error where the two contradict each other.
 */
export function requestSignature(
  model: string,
  config: ModelConfig,
  session: SessionSignature,
): RequestSignature {
  if (config.maxBatchSize > 0) checkBatchDimension(config.maxBatchSize, session.inputs);
  const inputs = narrow('input', config, config.inputs, session.inputs);
  const described = new Set(inputs.map(({ name }) => name));
  const missing = session.inputs.find(({ name }) => !described.has(name));
  if (missing !== undefined) {
    throw new Error(`config.pbtxt describes the inputs but leaves out "${missing.name}"`);
  }
  const outputs = narrow('output', config, config.outputs, session.outputs);
  return { model, inputs, outputs, maxBatchSize: config.maxBatchSize };
}

function checkBatchDimension(maxBatchSize: number, inputs: readonly SymbolicTensor[]): void {
  for (const { name, shape } of inputs) {
    if (shape[0] === -1) continue;
    throw new Error(
      `max_batch_size is ${maxBatchSize}, but the first dimension of input "${name}" does not vary: the model declares ${formatShape(shape)}`,
    );
  }
}

function narrow(
  role: 'input' | 'output',
  { maxBatchSize }: ModelConfig,
  configured: readonly ConfigTensor[],
  declared: readonly SymbolicTensor[],
): readonly SymbolicTensor[] {
  if (configured.length === 0) return declared;
  const declaredByName = new Map(declared.map((tensor) => [tensor.name, tensor]));
  return configured.map(({ name, datatype, dims, line }) => {
    const own = declaredByName.get(name);
    if (own === undefined) {
      const names = declared.map((tensor) => `"${tensor.name}"`).join(', ');
      throw new ModelConfigError(line, `the model has no ${role} ${quoted(name)}; it has ${names}`);
    }
    if (own.datatype !== datatype) {
      throw new ModelConfigError(
        line,
        `${role} "${name}" is ${datatype} here and ${own.datatype} in the model`,
      );
    }
    const shape = maxBatchSize > 0 ? [-1, ...dims] : dims;
    if (!fits(role, shape, own.shape)) {
      throw new ModelConfigError(
        line,
        `${role} "${name}" has shape ${formatShape(shape)} here and ${formatShape(own.shape)} in the model`,
      );
    }
    return { name, datatype, shape, symbols: own.symbols };
  });
}

/** A configuration may fix what the model leaves open. Outputs may also be opened: exports lie there. */
function fits(role: string, shape: readonly number[], own: readonly number[]): boolean {
  return (
    shape.length === own.length &&
    shape.every((size, i) => size === own[i] || own[i] === -1 || (role === 'output' && size === -1))
  );
}
