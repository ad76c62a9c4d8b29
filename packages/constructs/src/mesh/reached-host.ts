import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { derive, hasLate } from '../late/late';
import type { Peer } from '../peer';
import type { WayOut } from '../pods/network-rules';
import { portOf, schemeOf } from '../props/uri';
import { hostNamed } from '../server/reached';

/** What a host speaks at a port, in Istio's words. */
export type HostProtocol = 'TLS' | 'HTTP' | 'GRPC' | 'TCP';

/** A host that pods reach: a Service of the cluster, or one that the mesh has to be told of. */
export type ReachedHost =
  | { readonly service: string; readonly namespace: string }
  | {
      /** Its name; of an address, one made up for it. */
      readonly host: string;
      readonly address: string | undefined;
      readonly port: number;
      readonly protocol: HostProtocol;
      /** Part of an object's name. */
      readonly slug: string;
    };

/** Every host of some ways, in their order, each port of it once. */
export function hostsOf(ways: readonly WayOut[]): readonly ReachedHost[] {
  const all = ways.flatMap(({ peer, addresses = [] }) =>
    addresses.map((address) => reachedHost(address, peer)),
  );
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

/** Pods speak TLS by themselves, wherever an address has it; the mesh reads no more than the host's name. */
const protocols: Readonly<Record<string, HostProtocol>> = {
  'http:': 'HTTP',
  'grpc:': 'GRPC',
  'redis:': 'TCP',
};

function reachedHost(address: string, peer: Peer): ReachedHost {
  const name = hostNamed(address);
  const service = serviceNamed(name, peer);
  if (service !== undefined) return service;
  const host = hasLate(name) ? derive('host', name, hostNamed) : name.toLowerCase();
  const port = portOf(address);
  const protocol = protocols[schemeOf(address) ?? ''] ?? 'TLS';
  if (isIP(host) === 0) return { host, address: undefined, port, protocol, slug: slugOf(host) };
  const slug = slugOf(host.replaceAll(/[.:]+/g, '-'));
  // A connection to an address need not say a name, and is led by the address alone.
  const by = protocol === 'TLS' ? 'TCP' : protocol;
  return { host: `${slug}.address.internal`, address: host, port, protocol: by, slug };
}

/** `redis.data`, `redis.data.svc`, `redis.data.svc.cluster.local`: where the peer is of that namespace. */
function serviceNamed(name: string, { identity }: Peer): ReachedHost | undefined {
  if ('cidrs' in identity) return undefined;
  const [, service, namespace] =
    /^([a-z0-9-]+)\.([a-z0-9-]+)(?:\.svc(?:\.cluster\.local)?)?\.?$/.exec(name) ?? [];
  if (service === undefined || namespace !== identity.namespace) return undefined;
  return { service: `${service}.${namespace}.svc.cluster.local`, namespace };
}

/** At most 40 characters that an object's name may have; a digest where the host has others, or more. */
function slugOf(host: string): string {
  const plain = host.replaceAll('.', '-');
  if (/^[a-z0-9][a-z0-9-]{0,38}[a-z0-9]$/.test(plain)) return plain;
  const digest = createHash('sha256').update(host).digest('hex').slice(0, 10);
  return `${/^[a-z0-9-]{0,28}[a-z0-9]/.exec(plain)?.[0] ?? 'late'}-${digest}`;
}
