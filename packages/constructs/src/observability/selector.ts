import type { LoweredWorkload } from '../engines/lowering';
import type { Site } from '../site';

/** Matchers of PromQL, by label. */
export type Matchers = Readonly<Record<string, string>>;

/** Target labels by which the series of one site are told from another's. */
export function siteMatchers(site: Site): Matchers {
  return { namespace: site.namespaceName, site: site.node.id };
}

/** Those of one endpoint on one site: `job` is its name, as its PodMonitor says. */
export function endpointMatchers({ endpoint, site }: LoweredWorkload): Matchers {
  return { ...siteMatchers(site), job: endpoint.name };
}

/** A value that begins with an operator (`=~`, `!=`) keeps it: `{ reason: '=~A|B' }`. */
export function series(metric: string, ...matchers: readonly Matchers[]): string {
  const all = Object.entries(Object.assign({}, ...matchers) as Matchers);
  const texts = all.map(([label, value]) => {
    const [, operator = '=', operand = ''] = /^(=~|!~|!=)?([^]*)$/.exec(value) ?? [];
    return `${label}${operator}${JSON.stringify(operand)}`;
  });
  return `${metric}{${texts.join(',')}}`;
}
