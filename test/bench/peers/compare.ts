import type { BenchModel } from './bench-model';
import type { Case } from './cases';
import type { Runner } from './measure';
import { rawName, type RawSide } from './raw/raw-side';
import type { Pair, Sample } from './sample';

/** All rounds of one case. */
export interface Comparison {
  readonly caseId: string;
  readonly ours: readonly Sample[];
  /** By the other's name. */
  readonly pairs: ReadonlyMap<string, readonly Pair[]>;
}

/** A batch of 32 in the slow model takes a tenth of a second, so that it needs longer to be counted well. */
export function secondsFor(model: BenchModel['name'], seconds: number): number {
  return model === 'minilm' ? seconds * 2 : seconds;
}

/** Ours, another, ours, the next: what the machine's neighbours do meets both of a pair alike. */
export async function compare(
  it: Case,
  { ours, others, raw }: { ours: Runner; others: readonly Runner[]; raw?: RawSide },
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): Promise<Comparison> {
  const how = {
    concurrency: it.concurrency,
    seconds: secondsFor(it.model, seconds),
    warmupSeconds: secondsFor(it.model, 0.5),
  };
  const pairs = new Map<string, Pair[]>();
  const all: Sample[] = [];
  const pair = async (name: string, theirs: () => Promise<Sample>) => {
    const sample = await ours.run(it.protocol, how);
    all.push(sample);
    pairs.set(name, [...(pairs.get(name) ?? []), { ours: sample, theirs: await theirs() }]);
  };
  for (let round = 0; round < rounds; round++) {
    process.stderr.write(`${it.id}: round ${round + 1} of ${rounds}\n`);
    if (it.raw && raw !== undefined) await pair(rawName, () => raw.run(how.seconds));
    for (const other of others) {
      if (!other.contender.protocols.includes(it.protocol)) continue;
      await pair(other.contender.name, () => other.run(it.protocol, how));
    }
    // With nobody to compare with, ours is measured all the same.
    if (pairs.size === 0) all.push(await ours.run(it.protocol, how));
  }
  return { caseId: it.id, ours: all, pairs };
}
