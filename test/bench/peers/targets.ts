import type { Measure } from './ratios';

/** What a ratio of ours to another's must be. */
export interface Target {
  readonly caseId: string;
  readonly against: string;
  readonly measure: Measure;
  readonly bound: 'at least' | 'at most';
  /** Below (or above) this the run fails. @default - nothing is required */
  readonly required?: number;
  /** @default - nothing is aimed at, the ratio is shown */
  readonly goal?: number;
}

const names = {
  throughput: 'throughput',
  cpu: 'server CPU a request',
  p50: 'p50',
  p99: 'p99',
} as const satisfies Readonly<Record<Measure, string>>;

const throughput = (caseId: string, against: string, required: number, goal: number): Target => ({
  caseId,
  against,
  measure: 'throughput',
  bound: 'at least',
  required,
  goal,
});

const atMost = (
  measure: Measure,
  caseId: string,
  against: string,
  required: number,
  goal: number,
): Target => ({ caseId, against, measure, bound: 'at most', required, goal });

/** Who the p99 of all others stands under, in a goal against every one of them. */
const everyOther = ['mosec', 'FastAPI tuned', 'Triton Python backend', 'MLServer'] as const;

/** The table of the issue that asks for the server. */
export const targets: readonly Target[] = [
  throughput('minilm-rest-64', 'onnxruntime alone', 0.85, 0.95),
  throughput('minilm-rest-64', 'mosec', 1, 1.1),
  throughput('minilm-rest-64', 'FastAPI tuned', 1.1, 1.2),
  throughput('minilm-rest-64', 'Triton Python backend', 1.2, 1.3),
  throughput('minilm-rest-64', 'MLServer', 1.8, 2),
  ...everyOther.map((against): Target => ({
    caseId: 'minilm-rest-64',
    against,
    measure: 'p99',
    bound: 'at most',
    goal: 1,
  })),
  atMost('cpu', 'mlp-rest-64', 'mosec', 1.4, 0.77),
  atMost('cpu', 'mlp-rest-64', 'FastAPI tuned', 0.25, 0.14),
  atMost('cpu', 'mlp-rest-64', 'Triton Python backend', 0.17, 0.1),
  atMost('cpu', 'mlp-rest-64', 'MLServer', 0.08, 0.05),
  throughput('mlp-rest-8', 'FastAPI tuned', 2.5, 4),
  throughput('mlp-rest-8', 'MLServer', 10, 15),
  atMost('p50', 'mlp-rest-1', 'FastAPI tuned', 0.6, 0.35),
  throughput('mlp-grpc-8', 'Triton Python backend', 5, 10),
  throughput('mlp-grpc-8', 'MLServer', 5, 10),
  throughput('mlp-grpc-8', 'KServe', 5, 10),
  atMost('p99', 'health', 'the same when idle', 5, 2),
];

type Word = 'met' | 'missed' | 'not asked';

export interface Verdict {
  readonly target: Target;
  readonly ratio: number;
  readonly required: Word;
  readonly goal: Word;
}

/** @param ratio NaN misses whatever is asked: nothing was measured that could meet it */
export function judge(target: Target, ratio: number): Verdict {
  const said = (limit: number | undefined): Word => {
    if (limit === undefined) return 'not asked';
    return (target.bound === 'at least' ? ratio >= limit : ratio <= limit) ? 'met' : 'missed';
  };
  return { target, ratio, required: said(target.required), goal: said(target.goal) };
}

/** A row of the table of verdicts. */
export function verdictRow({ target, ratio, required, goal }: Verdict): readonly string[] {
  const limit = (value: number | undefined) =>
    value === undefined ? '–' : `${target.bound === 'at least' ? '≥' : '≤'} ${value}`;
  return [
    `${target.caseId}: ${names[target.measure]}`,
    target.against,
    limit(target.required),
    limit(target.goal),
    ratio.toPrecision(3),
    [required, goal === 'not asked' ? goal : `goal ${goal}`]
      .filter((word) => word !== 'not asked')
      .join('; '),
  ];
}
