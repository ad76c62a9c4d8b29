import { hostOf, regionOfHost } from '@manara/residency';
import { placedAt, untold } from '../placement';
import { text } from '../read';
import type { CloudReader } from './cloud';

/** The API servers of a kubeconfig, in YAML or JSON. */
const servers = /\bserver["']?\s*:\s*["']?(https?:\/\/[^\s"',}]+)/g;

export const kubernetes: CloudReader = {
  package: 'kubernetes',
  placementOf({ provider }, { located }) {
    // Pulumi names the provider that a program does not make `default`, or `default_4_34_2`.
    const name = `kubernetes:${provider?.name.replace(/^default_.*$/, 'default') ?? 'default'}`;
    const declared = located.get(name);
    if (declared !== undefined) return placedAt(declared);
    const [place, ...others] = placesOfServers(text(provider?.props.kubeconfig) ?? '');
    if (place !== undefined && others.length === 0) return placedAt(place);
    return untold(
      'nothing tells where the cluster of its provider is',
      `add located: { '${name}': '<place>' } to the policy pack`,
    );
  },
  placeNamedIn: () => undefined,
};

/** Places that the addresses of API servers reveal; two where the kubeconfig has clusters in two. */
function placesOfServers(kubeconfig: string): readonly string[] {
  const hosts = Array.from(kubeconfig.matchAll(servers), ([, uri = '']) => hostOf(uri) ?? '');
  return [...new Set(hosts.map((host) => regionOfHost(host)?.place ?? ''))].filter(Boolean);
}
