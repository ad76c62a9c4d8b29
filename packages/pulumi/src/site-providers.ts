import { type ChartObjects, Site } from '@manara/constructs';
import { Provider } from '@pulumi/kubernetes/provider';
import type { Chart } from 'cdk8s';
import { DeployError } from './deploy-error';
import { chartKey } from './resource-names';

export interface ProviderOptions {
  /**
   * The cluster of each site, by the site's id; of a chart that is no site, by its construct path.
   * @default - `provider` for all
   */
  readonly providers?: Readonly<Record<string, Provider>>;
  /**
   * The cluster of whatever `providers` does not name.
   * @default - where the tree has one site, or none, Pulumi's own choice: the current kubeconfig
   */
  readonly provider?: Provider;
}

/**
 * The provider of each chart; none where Pulumi chooses.
 *
 * @throws DeployError MANARA_PROVIDER for a name that is no site's, for what is no Kubernetes provider,
 * and for one of several sites without any: two sites in one cluster would overwrite each other
 */
export function siteProviders(
  charts: readonly ChartObjects[],
  { providers = {}, provider }: ProviderOptions,
): ReadonlyMap<Chart, Provider | undefined> {
  const keys = charts.map(({ chart }) => chartKey(chart));
  refuseSameKeys(keys);
  for (const [key, given] of Object.entries(providers)) {
    if (!keys.includes(key)) {
      refuse(`providers: expected ids of the tree's sites (${keys.join(', ')}); received "${key}"`);
    }
    refuseForeign(`providers["${key}"]`, given);
  }
  if (provider !== undefined) refuseForeign('provider', provider);

  const sites = charts.filter(({ chart }) => Site.isSite(chart)).length;
  return new Map(
    charts.map(({ chart }) => {
      const key = chartKey(chart);
      const own = Object.hasOwn(providers, key) ? providers[key] : provider;
      if (own === undefined && sites > 1 && Site.isSite(chart)) {
        refuse(
          `providers: expected one for each of the tree's ${sites} sites, received none for "${key}"; give providers["${key}"] the Provider of its cluster`,
        );
      }
      return [chart, own];
    }),
  );
}

function refuseSameKeys(keys: readonly string[]): void {
  const twice = keys.find((key, i) => keys.indexOf(key) !== i);
  if (twice === undefined) return;
  refuse(`sites: expected each id once, received "${twice}" twice; rename one of the sites`);
}

function refuseForeign(at: string, given: unknown): void {
  if (Provider.isInstance(given)) return;
  refuse(`${at}: expected a Provider of @pulumi/kubernetes, received another value`);
}

function refuse(message: string): never {
  throw new DeployError('MANARA_PROVIDER', message);
}
