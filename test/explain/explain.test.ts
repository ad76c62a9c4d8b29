import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { modelFilePath, path, routes } from '@manara/contract';
import { fraud } from '@manara/example-models';
import { layOutExamples, ModelServer } from '../support/model-server';
import { repositoryRoot } from '../support/paths';
import { pythonWith } from '../support/python';

const folder = join(repositoryRoot, 'test', 'explain');

/** One explanation, asked of the server and of the shap package. */
interface Case {
  readonly title: string;
  readonly model: string;
  readonly version: number;
  readonly file: string;
  readonly input: string;
  readonly output: string;
  readonly target: number;
  readonly link: 'identity' | 'logit';
  readonly x: readonly number[];
  readonly background: readonly (readonly number[])[];
  readonly weights?: readonly number[];
  readonly groups?: readonly (readonly number[])[];
  /** Coalitions that both evaluate. */
  readonly samples: number;
  /** Explanations, each with a seed of its own. */
  readonly runs: number;
  readonly exact: boolean;
}

interface ShapAnswer {
  readonly values: readonly (readonly number[])[];
  readonly base: number;
  readonly seconds: number;
}

interface Explanation {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly outputs: readonly { readonly name: string; readonly data: readonly number[] }[];
}

/** Payments in eight groups: few enough for every coalition. */
const paymentGroups = [
  [0],
  [1],
  [2, 3, 4],
  [5, 6],
  [7, 8],
  [9, 10],
  [11, 12, 13, 14],
  [15, 16, 17, 18, 19],
];

function fraudCase(
  version: 1 | 2,
  rest: Pick<Case, 'title' | 'link' | 'samples' | 'runs' | 'exact'> & Partial<Case>,
): Case {
  return {
    model: fraud.modelName,
    version,
    file: fraud.versionFile(version),
    input: 'features',
    output: 'probabilities',
    target: 1,
    x: fraud.expected.payments.stolenNumber.features,
    background: fraud.expected.heldOut.features,
    ...rest,
  };
}

function cases(regression: string, python: string): readonly Case[] {
  const made = execFileSync(python, [join(folder, 'make_regression.py'), regression], {
    encoding: 'utf8',
  });
  const { x, background } = JSON.parse(made) as Pick<Case, 'x' | 'background'>;
  const weights = background.map((_, i) => 1 + (i % 3));
  const diabetes = {
    model: 'diabetes',
    version: 1,
    file: regression,
    input: 'X',
    output: 'variable',
    target: 0,
    link: 'identity',
    x,
    background,
  } as const;
  const exact = { exact: true, runs: 3 } as const;
  const grouped = { groups: paymentGroups, samples: 254, ...exact } as const;
  const sampled = { samples: 2088, runs: 6, exact: false } as const;
  return [
    {
      title: 'regression, 10 features, 50 rows, all coalitions',
      ...diabetes,
      samples: 1022,
      ...exact,
    },
    { title: 'the same, rows weighted', ...diabetes, weights, samples: 1022, ...exact },
    {
      title: 'regression, 10 features, 50 rows, 200 coalitions',
      ...diabetes,
      samples: 200,
      runs: 6,
      exact: false,
    },
    fraudCase(1, { title: 'fraud 1, 8 groups, all coalitions', link: 'identity', ...grouped }),
    fraudCase(1, { title: 'fraud 1, 8 groups, log-odds', link: 'logit', ...grouped }),
    fraudCase(2, { title: 'fraud 2, 8 groups, all coalitions', link: 'identity', ...grouped }),
    fraudCase(1, { title: 'fraud 1, 20 features, 2,088 coalitions', link: 'identity', ...sampled }),
    fraudCase(2, { title: 'fraud 2, 20 features, 2,088 coalitions', link: 'identity', ...sampled }),
  ];
}

describe('explanations beside the shap package', function () {
  this.timeout(180_000);
  const temporary = mkdtempSync(join(tmpdir(), 'manara-explain-'));
  let server: ModelServer | undefined;
  let all: readonly Case[] = [];
  let theirs: readonly ShapAnswer[] = [];
  const lines: string[] = [];

  before(async function () {
    this.timeout(0);
    const python = pythonWith(join(folder, 'requirements.txt'));
    if (python === undefined) return this.skip();
    server = await ModelServer.start({
      layOut: (repository) => {
        layOutExamples(repository);
        const regression = join(repository, modelFilePath('diabetes', 1));
        mkdirSync(dirname(regression), { recursive: true });
        all = cases(regression, python);
      },
    });
    const job = join(temporary, 'job.json');
    writeFileSync(job, JSON.stringify(all));
    const printed = execFileSync(python, [join(folder, 'shap_values.py'), job], {
      encoding: 'utf8',
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    });
    theirs = JSON.parse(printed) as readonly ShapAnswer[];
  });

  after(async () => {
    if (lines.length > 0) console.log(['', ...lines].join('\n'));
    await server?.stop();
    rmSync(temporary, { recursive: true, force: true });
  });

  async function post(route: string, body: unknown): Promise<Explanation> {
    const reply = await fetch(`http://${server?.http ?? ''}${route}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer: unknown = await reply.json();
    assert.equal(reply.status, 200, JSON.stringify(answer));
    return answer as Explanation;
  }

  async function explain(
    one: Case,
    parameters: Readonly<Record<string, unknown>>,
  ): Promise<Explanation> {
    const { model, version, input, output, target, link, x, background, weights, groups } = one;
    const rows = {
      name: 'background',
      datatype: 'FP32',
      shape: [background.length, x.length],
      data: background.flat(),
    };
    const weighted = weights && [
      { name: 'background_weights', datatype: 'FP64', shape: [weights.length], data: weights },
    ];
    const body = {
      parameters: {
        target,
        link,
        groups: (groups ?? x.map((_, i) => [i])).map((group) => group.join()).join(';'),
        ...parameters,
      },
      inputs: [
        { name: input, datatype: 'FP32', shape: [1, x.length], data: x },
        rows,
        ...(weighted ?? []),
      ],
      outputs: [{ name: output }],
    };
    return post(path(routes.modelVersionExplain, { model, version }), body);
  }

  function data({ outputs }: Explanation, name: string): readonly number[] {
    return outputs.find((output) => output.name === name)?.data ?? assert.fail(`no output ${name}`);
  }

  /** Each case by its number: they are made only once the Python environment is there. */
  async function compare(index: number): Promise<void> {
    const one = all[index]!;
    const { values, base, seconds } = theirs[index]!;
    const rows = one.background.length;
    const budget = 1 + rows * (1 + one.samples);
    const times: number[] = [];
    const theirError = meanError(values);
    const groupless = one.groups?.length ?? one.x.length;
    for (let seed = 0; seed < Math.max(3, one.runs); seed++) {
      const began = performance.now();
      const ours = await explain(one, { method: 'kernel_shap', budget, seed });
      times.push((performance.now() - began) / 1000);
      const scale = Math.max(...data(ours, 'attributions').map(Math.abs));
      assert.equal(data(ours, 'attributions').length, groupless);
      assert.equal(ours.parameters.mode, one.exact ? 'exact' : 'sampled');
      assert.ok(
        Math.abs(data(ours, 'base_value')[0]! - base) <= 1e-6 * Math.max(scale, Math.abs(base)),
      );
      assert.ok(Math.abs(data(ours, 'additivity_error')[0]!) <= 1e-9 * scale);
      for (const [i, value] of data(ours, 'attributions').entries()) {
        const off = Math.abs(value - mean(values.map((their) => their[i]!)));
        const error = one.exact ? 0 : Math.hypot(data(ours, 'standard_error')[i]!, theirError);
        assert.ok(off <= 5 * error + 1e-6 * scale, `feature ${i}: ${value} is ${off} off theirs`);
      }
    }
    const ours = times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
    const ratio = (ours / seconds).toFixed(2);
    lines.push(
      `    ${one.title}: ${(ours * 1000).toFixed(0)} ms, shap ${(seconds * 1000).toFixed(0)} ms, ${ratio}×`,
    );
  }

  for (const [index, title] of [
    'exact on a regression of ten features, to 1e-6 of the greatest value',
    'exact with a weighted background',
    'within sampling error on the regression',
    'exact on a classifier in eight groups',
    'exact in log-odds',
    'exact on trees',
    'within sampling error on a classifier of twenty features',
    'within sampling error on trees of twenty features',
  ].entries()) {
    it(title, () => compare(index));
  }

  it('comes to the same by permutation, within its standard errors', async () => {
    const one = all[0]!;
    const ours = await explain(one, { method: 'permutation', budget: 50_000, seed: 1 });
    const scale = Math.max(...data(ours, 'attributions').map(Math.abs));
    for (const [i, value] of data(ours, 'attributions').entries()) {
      const room = 5 * data(ours, 'standard_error')[i]! + 1e-6 * scale;
      assert.ok(Math.abs(value - theirs[0]!.values[0]![i]!) <= room, `feature ${i}: ${value}`);
    }
  });

  it("explains a payment by the version's own names and background", async () => {
    const inputs = [
      {
        name: 'features',
        datatype: 'FP32',
        shape: [1, 20],
        data: fraud.expected.payments.stolenNumber.features,
      },
    ];
    const answer = await post(path(routes.modelExplain, { model: fraud.modelName }), { inputs });
    const names = data(answer, 'feature_names') as unknown as readonly string[];
    assert.deepEqual(names.slice(0, 3), ['time of day', 'category', 'log_amount_aed']);
    assert.equal(data(answer, 'attributions').length, 15);
    assert.equal(answer.parameters.target, 1);
    assert.equal(answer.parameters.background_rows, 32);
  });
});

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard error of the mean over runs, the same for all features: six runs alone tell little. */
function meanError(runs: readonly (readonly number[])[]): number {
  const variances = runs[0]!.map((_, i) => {
    const values = runs.map((run) => run[i]!);
    const squares = values.map((value) => (value - mean(values)) ** 2);
    return squares.reduce((sum, square) => sum + square, 0) / (runs.length - 1);
  });
  return Math.sqrt(mean(variances) / runs.length);
}
