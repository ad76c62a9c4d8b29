import { readFileSync } from 'node:fs';
import { CliError, messageOf, UsageError } from '../cli-error';
import type { DrilledStack } from './plan';

/** Bodies of the infer route by the name of the model, where a made-up request will not do. */
export type Samples = ReadonlyMap<string, string>;

/**
 * Reads `--sample MODEL=FILE.json`.
 *
 * @throws UsageError for a model that is not drilled, one that stands twice, a file that cannot be read;
 * CliError for one that is no request
 */
export function readSamples(given: readonly string[], stacks: readonly DrilledStack[]): Samples {
  const models = stacks.flatMap(({ endpoints }) => endpoints.map(({ endpoint }) => endpoint.name));
  const samples = new Map<string, string>();
  for (const text of given) {
    const [, model, file] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
    if (model === undefined || file === undefined) {
      throw new UsageError(`--sample: expected MODEL=FILE.json, received "${text}"`);
    }
    if (!models.includes(model)) {
      throw new UsageError(
        `--sample: expected one of ${[...new Set(models)].join(', ')}; received "${model}"`,
      );
    }
    if (samples.has(model)) throw new UsageError(`--sample: ${model} stands twice`);
    samples.set(model, readRequest(file));
  }
  return samples;
}

function readRequest(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--sample: cannot read "${file}": ${messageOf(error)}`, { cause: error });
  }
  if (!isRequest(text)) {
    throw new CliError(
      `${file}: expected the body of an infer request as JSON: {"inputs": [{"name": …, "datatype": …, "shape": …, "data": …}]}`,
    );
  }
  return text;
}

function isRequest(text: string): boolean {
  try {
    const body = JSON.parse(text) as { readonly inputs?: unknown } | null;
    return Array.isArray(body?.inputs) && body.inputs.length > 0;
  } catch {
    return false;
  }
}
