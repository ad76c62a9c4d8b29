import { join } from 'node:path';
import { pythonWith } from '../../support/python';
import type { BenchModel } from './bench-model';
import { compare, type Comparison } from './compare';
import type { Contender } from './contender';
import { everybody } from './contenders/everybody';
import { manara } from './contenders/manara';
import { Runner } from './measure';
import { peersFolder } from './paths';
import { rawName, RawSide } from './raw/raw-side';
import { comparisonTable } from './report';
import type { Settings } from './settings';

/**
 * All cases of one model, with every server that takes part running and those not measured idle.
 *
 * @param print takes each table as soon as it is there
 */
export async function compareAll(
  model: BenchModel,
  settings: Settings,
  print: (text: string) => void,
): Promise<readonly Comparison[]> {
  const chosen = settings.cases.filter((it) => it.model === model.name);
  if (chosen.length === 0) return [];
  const raw = chosen.some((it) => it.raw) ? await rawSide(model, settings) : undefined;
  if (raw !== undefined) {
    print(`${model.name}, ${rawName}, CPU-µs a row: ${raw.survey.join('; ')}`);
  }
  const running: Runner[] = [];
  const start = async (contender: Contender) => {
    const runner = await Runner.start(contender, model);
    if (runner !== undefined) running.push(runner);
    return runner;
  };
  try {
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

async function rawSide(model: BenchModel, settings: Settings): Promise<RawSide | undefined> {
  if (!takesPart(rawName, settings)) return undefined;
  const python = pythonWith(join(peersFolder, 'servers', 'requirements-web.txt'));
  return RawSide.find(model, python);
}

function takesPart(name: string, { peers }: Settings): boolean {
  return peers.includes(name.toLowerCase());
}
