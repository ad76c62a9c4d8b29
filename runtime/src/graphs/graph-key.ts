import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { env } from '../engine/onnxruntime';
import { sessionOptions } from '../engine/ort-types';

/** Changes with what is kept of a graph and how it is checked before that. */
const generation = 1;

/**
 * What one optimized graph holds for: the model's content, and all that has a say in what the engine
 * makes of it. It lays weights out as the processor's vectors are wide, and would not notice later that
 * another processor's are not.
 *
 * @param sha256 - digest of the model's file
 */
export function graphKey(sha256: string, processor = describeProcessor()): string {
  const facts = [
    generation,
    sha256,
    env.versions.node,
    // Not how many threads there are, which changes runs and no graph.
    sessionOptions(1),
    process.platform,
    process.arch,
    processor,
  ];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}

/** The processor's model and, where the system lists them, its instructions. */
function describeProcessor(): string {
  const model = cpus()[0]?.model ?? '';
  try {
    const text = readFileSync('/proc/cpuinfo', 'utf8');
    return `${model} ${/^(?:flags|Features)\s*:.*$/m.exec(text)?.[0] ?? ''}`;
  } catch {
    return model;
  }
}
