/** The ways in which the benchmark writes the same endpoints down. */
export const ways = ['by hand', 'deploy(app)', 'doors'] as const;
export type Way = (typeof ways)[number];

/** What the runner tells a program, through its environment. */
export interface Settings {
  readonly MANARA_BENCH_WAY: Way;
  /** How many endpoints. */
  readonly MANARA_BENCH_ENDPOINTS: string;
  /** File of `Registered[]`: what the program that is written by hand registers. */
  readonly MANARA_BENCH_RESOURCES: string;
}

/** @throws Error for a program that the runner did not start */
export function settings(env: NodeJS.ProcessEnv): Settings {
  const { MANARA_BENCH_WAY: way, MANARA_BENCH_ENDPOINTS, MANARA_BENCH_RESOURCES } = env;
  const found = ways.find((known) => known === way);
  if (found === undefined || !MANARA_BENCH_ENDPOINTS || !MANARA_BENCH_RESOURCES) {
    throw new Error('this program is started by `npm run bench -- preview`');
  }
  return { MANARA_BENCH_WAY: found, MANARA_BENCH_ENDPOINTS, MANARA_BENCH_RESOURCES };
}
