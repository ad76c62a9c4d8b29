import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type ApiKeyEntry, exitCodes, newKeyCommand, parseApiKeyFile } from '@manara/contract';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { newApiKey } from './api-keys';

interface Flags {
  readonly caller: string;
  readonly group?: readonly string[];
  readonly expires?: string;
  readonly file?: string;
}

/**
 * `manara-server new-key`: makes an API key. The key goes to standard output, which is the one time that
 * it is seen; its entry goes into the key file, or to standard error where none is named.
 *
 * @returns the exit code.
 */
export function runNewKey(
  argv: readonly string[],
  out: (text: string) => void = (text) => void process.stdout.write(text),
  say: (text: string) => void = (text) => void process.stderr.write(text),
): number {
  let flags: Flags;
  try {
    flags = createCommand(out, say).parse(argv, { from: 'user' }).opts<Flags>();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  }
  const { caller, group, expires, file } = flags;
  const { key, entry } = newApiKey({
    caller,
    ...(group === undefined ? {} : { groups: [...group] }),
    ...(expires === undefined ? {} : { expires }),
  });
  if (file === undefined) {
    say(`Add to "keys" of the key file:\n${JSON.stringify(entry)}\n`);
  } else {
    try {
      addEntry(file, entry);
    } catch (error) {
      const reason = reasonOf(file, error);
      say(`manara-server: ${file}: ${reason}\n`);
      return exitCodes.failure;
    }
    say(`Added to ${file}. The key, which is shown this once:\n`);
  }
  out(`${key}\n`);
  return exitCodes.ok;
}

function reasonOf(file: string, error: unknown): string {
  const folder = dirname(file);
  if (!existsSync(folder)) return `the folder ${folder} does not exist; make it first`;
  return error instanceof Error ? error.message : String(error);
}

function createCommand(out: (text: string) => void, say: (text: string) => void): Command {
  return new Command(`manara-server ${newKeyCommand}`)
    .description('Makes an API key. Prints the key once; keeps only its digest.')
    .requiredOption('--caller <name>', 'who bears it, as rules and audit lines name callers', named)
    .option('--group <name>', 'group that the caller is in; repeatable', collect)
    .option('--expires <time>', 'time in UTC, such as 2027-01-31T00:00:00Z (default: never)', time)
    .option('--file <file>', 'key file that the entry is added to; made where there is none')
    .configureOutput({ writeOut: out, writeErr: say })
    .allowExcessArguments(false)
    .exitOverride();
}

function named(text: string): string {
  if (/^[^:]{1,128}$/.test(text)) return text;
  throw new InvalidArgumentError('Expected 1 to 128 characters, and no colon.');
}

function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, named(text)];
}

function time(text: string): string {
  const millis = Date.parse(text);
  if (Number.isNaN(millis)) throw new InvalidArgumentError('Expected a time.');
  if (millis <= Date.now()) throw new InvalidArgumentError('Expected a time that is to come.');
  return new Date(millis).toISOString();
}

/** Replaces the file whole: a server that follows it never reads half of one. */
function addEntry(path: string, entry: ApiKeyEntry): void {
  const { keys } = readKeys(path);
  const text = `${JSON.stringify({ keys: [...keys, entry] }, null, 2)}\n`;
  parseApiKeyFile(text);
  const beside = `${path}.${process.pid}.tmp`;
  writeFileSync(beside, text, { mode: 0o600, flag: 'wx' });
  renameSync(beside, path);
}

function readKeys(path: string): { readonly keys: readonly ApiKeyEntry[] } {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { keys: [] };
    throw error;
  }
  return parseApiKeyFile(text);
}
