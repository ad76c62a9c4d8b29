import { setTimeout as delay } from 'node:timers/promises';
import { CliError } from '../cli-error';
import type { ExerciseOptions } from './exercise-options';
import { NameWatch } from './name-watch';
import { answersForGood } from './outage';
import type { AskedSite } from './readiness';
import { clientLimits, failureOf, SiteClient } from './site-client';

/** An endpoint that is asked through the name that callers use. */
export interface WatchedEndpoint {
  readonly endpoint: string;
  /** Where it is asked. */
  readonly address: string;
  /** Itself, at the site that is taken away. */
  readonly atLostSite: AskedSite;
  readonly watch: NameWatch;
}

/** Requests a second through the name: for one endpoint, and for all of them together. */
const rates = { endpoint: 4, all: 40 } as const;

/**
 * Begins to ask every endpoint of the site that will be lost.
 *
 * @throws CliError where there is none, or one for which no request is known
 */
export function watchEndpoints(options: ExerciseOptions): readonly WatchedEndpoint[] {
  const { stack, inspections, name, limits = clientLimits } = options;
  const [lost] = stack.sites;
  const found = inspections.flatMap(({ drilled: { endpoint }, sites, body }) => {
    const atLostSite = sites.find(({ site }) => site === lost);
    return atLostSite === undefined ? [] : [{ endpoint: endpoint.name, atLostSite, body }];
  });
  if (found.length === 0) {
    throw new CliError(`no drilled endpoint runs on site ${lost.node.id}, so nothing was begun`);
  }
  const asked = found.map(({ endpoint, atLostSite, body }) => {
    if (body === undefined) {
      throw new CliError(
        `no request is known that ${endpoint} answers, so nothing was begun; give --sample ${endpoint}=FILE.json`,
      );
    }
    const client = new SiteClient(name(endpoint), limits);
    const ask = async (): Promise<string | undefined> =>
      failureOf(await client.infer(endpoint, body));
    return { endpoint, address: client.address, atLostSite, ask };
  });
  const everyMillis = Math.max(1000 / rates.endpoint, (1000 * asked.length) / rates.all);
  return asked.map(({ ask, ...watched }) => ({
    ...watched,
    watch: new NameWatch(ask, everyMillis),
  }));
}

/**
 * Waits until the name answers for every endpoint: what it does not do before the loss, no loss explains.
 *
 * @throws CliError where it does not, or the wait was stopped
 */
export async function untilSteady(
  watched: readonly WatchedEndpoint[],
  { stopped, steadySeconds = 30 }: ExerciseOptions,
): Promise<void> {
  const deadline = performance.now() + steadySeconds * 1000;
  for (;;) {
    if (stopped.aborted) throw new CliError('stopped before anything was taken away');
    const unsteady = watched.find(({ watch }) => !isSteady(watch));
    if (unsteady === undefined) return;
    if (performance.now() > deadline) {
      const failure = unsteady.watch.probes.findLast(({ settled }) => settled !== undefined)
        ?.settled?.failure;
      throw new CliError(
        `--name: ${unsteady.address} does not answer ${unsteady.endpoint} steadily (${failure ?? 'it flaps'}), so nothing was taken away`,
      );
    }
    await delay(50);
  }
}

function isSteady({ probes }: NameWatch): boolean {
  const settled = probes.filter((probe) => probe.settled !== undefined).slice(-answersForGood);
  return (
    settled.length === answersForGood &&
    settled.every((probe) => probe.settled?.failure === undefined)
  );
}
