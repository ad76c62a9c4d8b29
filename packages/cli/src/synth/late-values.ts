import { readFileSync } from 'node:fs';
import type { LateValues } from '@manara/constructs';
import { parse } from 'yaml';
import { CliError, messageOf, UsageError } from '../cli-error';

/**
 * Reads late values by name from a file of JSON or YAML: `{ "model-bucket": "s3://bank-models" }`.
 *
 * @throws UsageError for a file that cannot be read; CliError for one that holds anything but texts by
 * name
 */
export function readLateValues(file: string): LateValues {
  const values = parseFile(file);
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new CliError(`${file}: expected texts by name, such as {"model-bucket": "s3://models"}`);
  }
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === 'string') continue;
    throw new CliError(
      `${file}: ${name}: expected text, received ${JSON.stringify(value)}; put it in quotes`,
    );
  }
  return values as LateValues;
}

function parseFile(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--values: cannot read "${file}": ${messageOf(error)}`, { cause: error });
  }
  try {
    return parse(text);
  } catch (error) {
    throw new CliError(`${file}: is neither JSON nor YAML: ${messageOf(error)}`, { cause: error });
  }
}
