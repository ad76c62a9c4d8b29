import { cpus } from 'node:os';
import { benchModels } from './bench-model';
import { compareAll } from './compare-all';
import type { Comparison } from './compare';
import { defaultsTable } from './defaults/defaults';
import { compareHealth } from './health';
import { comparisonTable, verdicts, verdictTable } from './report';
import { readSettings } from './settings';

// A signal would end this process without what ends its servers with it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const print = (text: string): void => {
  process.stdout.write(`${text}\n\n`);
};

/** `npm run bench:peers`. Exit code 1 where a required ratio is missed. */
async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const { rounds, seconds, parts } = settings;
  const models = benchModels();
  if (models === undefined) return;
  print(
    `${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}, Node.js ${process.version}, ${rounds} rounds of ${seconds} s`,
  );
  const comparisons: Comparison[] = [];
  if (parts.includes('cases')) {
    comparisons.push(...(await compareAll(models.mlp, settings, print)));
    comparisons.push(...(await compareAll(models.minilm, settings, print)));
  }
  if (parts.includes('health')) {
    const health = await compareHealth(models.minilm, settings);
    print(`GET /v2/health/live, idle and busy\n\n${comparisonTable(health, 'busy')}`);
    comparisons.push(health);
  }
  if (parts.includes('defaults')) {
    print(`What each default costs\n\n${await defaultsTable(models.mlp, settings)}`);
  }
  const found = verdicts(comparisons);
  if (found.length > 0) print(verdictTable(found));
  if (found.some(({ required }) => required === 'missed')) process.exitCode = 1;
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exitCode = 1;
});
