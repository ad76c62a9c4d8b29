import { askAll, bodiesOf, type Question, type Said } from './ask-sites';
import type { Check, Verdict } from './check';
import { compareOutputs } from './compare-outputs';
import type { AskedSite } from './readiness';
import type { Tensor } from './tensors';

export interface Answers {
  readonly checks: readonly Check[];
  /** A body that every site answered. */
  readonly body?: string;
}

type Finding = Pick<Check, 'verdict' | 'found'>;

/**
 * Asks every site the same, and compares the answers with those of the first site that gave them: where a
 * drill is run during a loss, the primary is the one that does not.
 */
export async function sameAnswers(
  question: Question,
  sites: readonly AskedSite[],
): Promise<Answers> {
  const { model, version } = question;
  const checks = (findings: readonly Finding[]): readonly Check[] =>
    sites.map(({ site }, i) => {
      const { verdict, found } = findings[i] ?? { verdict: 'failed', found: 'not asked' };
      return { verdict, endpoint: model, what: `answers ${version}`, site: site.node.id, found };
    });
  const all = (verdict: Verdict, why: string): Answers => ({
    checks: checks(sites.map(() => ({ verdict, found: `not compared: ${why}` }))),
  });
  const sample = `give --sample ${model}=FILE.json`;
  const asked = await bodiesOf(question, sites);
  if ('failure' in asked) return all('failed', asked.failure);
  const [body] = asked.bodies;
  if (body === undefined) return all('open', `its inputs are too large to make up; ${sample}`);

  const said = await Promise.all(sites.map(({ client }) => askAll(client, question, asked.bodies)));
  const refusal = question.sample === undefined ? refusalOfAll(said) : undefined;
  if (refusal !== undefined) return all('open', `it refuses made-up input (${refusal}); ${sample}`);
  return {
    checks: checks(
      compared(
        said,
        sites.map(({ site }) => site.node.id),
      ),
    ),
    ...(said.every((one) => 'outputs' in one) ? { body } : {}),
  };
}

/** What the first site refuses made-up input with, where every one of them refuses it. */
function refusalOfAll(said: readonly Said[]): string | undefined {
  const failures = said.flatMap((one) => ('failure' in one && one.refused ? [one.failure] : []));
  return failures.length === said.length ? failures[0] : undefined;
}

function compared(said: readonly Said[], names: readonly string[]): readonly Finding[] {
  const first = said.findIndex((one) => 'outputs' in one);
  const reference = said[first];
  return said.map((one, i) => {
    if ('failure' in one) return { verdict: 'failed', found: one.failure };
    if (i !== first && reference !== undefined && 'outputs' in reference) {
      return compareAll(reference.outputs, one.outputs, names[first] ?? '');
    }
    const answered = `${counted(one.outputs.length)} answered`;
    return said.some((other, j) => j !== i && 'outputs' in other)
      ? { verdict: 'ok', found: `${answered}; the others are compared with these` }
      : { verdict: 'open', found: `${answered}; no other site to compare with` };
  });
}

function compareAll(
  first: readonly (readonly Tensor[])[],
  second: readonly (readonly Tensor[])[],
  firstSite: string,
): Finding {
  let largest = 0;
  for (const [i, outputs] of first.entries()) {
    const compared = compareOutputs(outputs, second[i] ?? []);
    if (!compared.same) {
      const difference = `${compared.difference} here`;
      return {
        verdict: 'failed',
        found: `not the answer of ${firstSite} to request ${i + 1}: ${difference}`,
      };
    }
    largest = Math.max(largest, compared.largestRelative);
  }
  const apart = largest === 0 ? 'equal' : `floats at most ${largest.toExponential(1)} apart`;
  return { verdict: 'ok', found: `${counted(first.length)} answered as by ${firstSite}: ${apart}` };
}

function counted(count: number): string {
  return `${count} request${count === 1 ? '' : 's'}`;
}
