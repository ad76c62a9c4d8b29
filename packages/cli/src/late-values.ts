import { readFileSync } from 'node:fs';
import { type LateValues, lateNames } from '@manara/constructs';
import { parse } from 'yaml';
import { CliError, messageOf, UsageError } from './cli-error';
import type { Terminal } from './terminal';

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

/**
 * Warns of values that the loaded program never asks for: one may be misspelt, though a file of a
 * stack's outputs rightly holds others.
 */
export function warnOfUnused(terminal: Terminal, file: string, values: LateValues): void {
  const wanted = lateNames();
  const unused = Object.keys(values).filter((name) => !wanted.includes(name));
  if (unused.length === 0) return;
  const asked = wanted.length === 0 ? 'has no late values' : `asks for ${wanted.join(', ')}`;
  terminal.warn(`${file}: ${unused.join(', ')}: not used; the program ${asked}`);
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
