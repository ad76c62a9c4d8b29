import type { ApiObject } from 'cdk8s';
import { lateValuesIn } from '../../late/late-in-tree';
import { hasLate } from '../../late/late';
import { listAt, recordAt, textAt } from '../../manifest';
import { egress, type Find } from './find';
import type { KnownEnds } from './known-ends';
import { isWithin } from './network';

/** Hosts outside of the cluster that an object makes known to the mesh, and pods that may reach any. */
export function istioFinds(
  { apiGroup, kind }: Pick<ApiObject, 'apiGroup' | 'kind'>,
  manifest: unknown,
  known: KnownEnds,
): readonly Find[] {
  if (apiGroup !== 'networking.istio.io') return [];
  const spec = recordAt(manifest, 'spec');
  switch (kind) {
    case 'ServiceEntry':
      return [
        ...hostFinds(spec, known),
        ...listAt(spec, 'endpoints').flatMap((one) => addressFinds(textAt(one, 'address'), known)),
      ];
    case 'WorkloadEntry':
      return addressFinds(textAt(spec, 'address'), known);
    case 'Sidecar':
      return textAt(recordAt(spec, 'outboundTrafficPolicy'), 'mode') === 'ALLOW_ANY'
        ? [
            egress(
              'lets pods reach any host',
              'use REGISTRY_ONLY, and a ServiceEntry for each host',
            ),
          ]
        : [];
    default:
      return [];
  }
}

/** A ServiceEntry of addresses gives them a host of its own making: then the addresses are what it leads to. */
function hostFinds(spec: unknown, known: KnownEnds): readonly Find[] {
  const addresses = listAt(spec, 'addresses').map(String);
  if (addresses.length > 0) return addresses.flatMap((address) => addressFinds(address, known));
  // Pods and WorkloadEntries that it selects are judged by themselves.
  if (recordAt(spec, 'workloadSelector') !== undefined) return [];
  return listAt(spec, 'hosts')
    .map(String)
    .filter((host) => !isKnown(host, known))
    .map((host) => egress(`leads to "${host}", which no flow declares`));
}

function addressFinds(address: string | undefined, known: KnownEnds): readonly Find[] {
  if (address === undefined || isKnown(address, known)) return [];
  const bare = address.replace(/\/32$/, '');
  if (known.addresses.has(address) || isWithin(bare, known.addresses)) return [];
  return [egress(`leads to ${address}, which no declared flow explains`)];
}

/** Of a host that is late it is known only which values it is made of: a declared flow names them all. */
function isKnown(host: string, { hosts, uris }: KnownEnds): boolean {
  if (!hasLate(host)) return hosts.has(host.toLowerCase());
  const declared = lateValuesIn([...uris]).map(({ name }) => name);
  return lateValuesIn(host).every(({ name }) => declared.includes(name));
}
