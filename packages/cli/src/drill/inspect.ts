import type { ServingStack } from '@manara/constructs';
import { sameAnswers } from './answers';
import type { Check } from './check';
import type { DrilledEndpoint, DrilledStack } from './plan';
import { type AskedSite, readinessAt } from './readiness';
import { type ClientLimits, clientLimits, SiteClient } from './site-client';
import type { Samples } from './samples';
import type { Targets } from './targets';

export interface InspectOptions {
  readonly targets: Targets;
  readonly samples: Samples;
  /** Requests that are made up for each version. */
  readonly requests: number;
  readonly limits?: ClientLimits;
}

/** What was found of an endpoint. */
export interface EndpointInspection {
  readonly drilled: DrilledEndpoint;
  readonly sites: readonly AskedSite[];
  readonly checks: readonly Check[];
  /** Body that every site answers for the default version; none where nothing is known to do. */
  readonly body?: string;
}

/** Looks at every endpoint of a stack, at every site, without changing anything. */
export async function inspect(
  { stack, endpoints }: DrilledStack,
  options: InspectOptions,
): Promise<readonly EndpointInspection[]> {
  const inspections: EndpointInspection[] = [];
  for (const drilled of endpoints) {
    inspections.push(await inspectEndpoint(stack, drilled, options));
  }
  return inspections;
}

async function inspectEndpoint(
  stack: ServingStack,
  drilled: DrilledEndpoint,
  { targets, samples, requests, limits = clientLimits }: InspectOptions,
): Promise<EndpointInspection> {
  const { endpoint } = drilled;
  const sites = drilled.sites.map((site) => ({
    site,
    client: new SiteClient(targets(site, endpoint.name), limits),
  }));
  const ready = await Promise.all(sites.map((asked) => readinessAt(endpoint, asked)));
  const checks = ready.flat();
  const sample = samples.get(endpoint.name);
  let body: string | undefined;
  for (const { number } of endpoint.versions) {
    // A site that does not have the version has said so above.
    const asked = sites.filter(({ site }) => isOk(checks, `version ${number}`, site.node.id));
    if (asked.length === 0) continue;
    const answers = await sameAnswers(
      {
        model: endpoint.name,
        version: number,
        requests,
        ...(sample === undefined ? {} : { sample }),
      },
      asked,
    );
    checks.push(...answers.checks);
    if (number === endpoint.defaultVersion) body = answers.body;
  }
  return {
    drilled,
    sites,
    checks: [...checks, ...promises(stack, drilled)],
    ...(body === undefined ? {} : { body }),
  };
}

function isOk(checks: readonly Check[], what: string, site: string): boolean {
  return checks.some((c) => c.what === what && c.site === site && c.verdict === 'ok');
}

/** What a loss costs by computation, against what the stack promises. */
function promises(stack: ServingStack, { endpoint }: DrilledEndpoint): readonly Check[] {
  const computed = stack.recoveryOf(endpoint);
  if (computed === undefined) return [];
  const { firstAnswerSeconds, fullCapacitySeconds, pointSeconds } = computed;
  const [time, point] = [stack.recovery.time.toSeconds(), stack.recovery.point.toSeconds()];
  const check = (what: string, holds: boolean, found: string): Check => ({
    verdict: holds ? 'ok' : 'failed',
    endpoint: endpoint.name,
    what,
    found,
  });
  return [
    check(
      'recovery.time',
      fullCapacitySeconds <= time,
      `computed: first answer after ${firstAnswerSeconds} s, all traffic after ${fullCapacitySeconds} s; promised ${time} s`,
    ),
    check(
      'recovery.point',
      pointSeconds <= point,
      pointSeconds === 0
        ? `computed: whoever publishes weights does so at every site; promised ${point} s`
        : `computed: weights at most ${pointSeconds} s old; promised ${point} s`,
    ),
  ];
}
