import { cpus } from 'node:os';
import { join } from 'node:path';
import { pythonWith } from '../../support/python';
import { type BenchModel, benchModels } from './bench-model';
import { compare, type Comparison } from './compare';
import type { Contender } from './contender';
import { manara } from './contenders/manara';
import { mlserver } from './contenders/mlserver';
import { triton } from './contenders/triton';
import { fastapi, mosec } from './contenders/web';
import { Runner } from './measure';
import { peersFolder } from './paths';
import { rawName, RawSide } from './raw/raw-side';
import { comparisonTable, verdicts, verdictTable } from './report';
import { readSettings, type Settings } from './settings';

const everybody: readonly Contender[] = [
  mosec,
  fastapi,
  triton,
  mlserver('MLServer', 2),
  mlserver('MLServer, no workers', 0),
];

/** `npm run bench:peers`. Exit code 1 where a required ratio is missed. */
async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const models = benchModels();
  if (models === undefined) return;
  print(
    `${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}, Node.js ${process.version}, ${settings.rounds} rounds`,
  );
  const comparisons: Comparison[] = [];
  for (const model of Object.values(models))
    comparisons.push(...(await compareAll(model, settings)));
  const found = verdicts(comparisons);
  print(verdictTable(found));
  if (found.some(({ required }) => required === 'missed')) process.exitCode = 1;
}

/** All cases of one model, with every server that takes part running and those not measured idle. */
async function compareAll(model: BenchModel, settings: Settings): Promise<readonly Comparison[]> {
  const chosen = settings.cases.filter((it) => it.model === model.name);
  if (chosen.length === 0) return [];
  const python = pythonWith(join(peersFolder, 'servers', 'requirements-web.txt'));
  const raw =
    takesPart(rawName, settings) && chosen.some((it) => it.raw)
      ? await RawSide.find(model, python)
      : undefined;
  if (raw !== undefined)
    print(`${model.name}, ${rawName}, rows a second — ${raw.survey.join('; ')}`);
  const running: Runner[] = [];
  try {
    const start = async (contender: Contender) => {
      const runner = await Runner.start(contender, model);
      if (runner !== undefined) running.push(runner);
      return runner;
    };
    const ours = await start(manara());
    if (ours === undefined) throw new Error('the server did not start');
    for (const it of everybody) if (takesPart(it.name, settings)) await start(it);
    const comparisons: Comparison[] = [];
    for (const it of chosen) {
      const sides = { ours, others: running.slice(1), ...(raw !== undefined && { raw }) };
      const comparison = await compare(it, sides, settings);
      print(`${it.id}\n\n${comparisonTable(comparison, ours.contender.name)}`);
      comparisons.push(comparison);
    }
    return comparisons;
  } finally {
    for (const runner of running) await runner.served.stop();
  }
}

function takesPart(name: string, { peers }: Settings): boolean {
  return peers.length === 0 || peers.includes(name.toLowerCase());
}

function print(text: string): void {
  process.stdout.write(`${text}\n\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exitCode = 1;
});
