import { hostOf } from '@manara/residency';
import { hasLate } from '../../late/late';
import { listAt, recordAt, textAt } from '../../manifest';
import { egress, type Find } from './find';
import type { KnownEnds } from './known-ends';

/** What KEDA asks at an address, by the key that holds it. */
const addressed: Readonly<Record<string, string>> = {
  prometheus: 'serverAddress',
  'redis-streams': 'address',
};
/** What it asks of the cluster, or of its clock. */
const local = ['cpu', 'memory', 'cron'];

/** Whom a ScaledObject has KEDA ask from outside of the site's namespace, where its network is not. */
export function scaledObjectFinds(manifest: unknown, known: KnownEnds): readonly Find[] {
  return listAt(recordAt(manifest, 'spec'), 'triggers').flatMap((trigger): readonly Find[] => {
    const type = textAt(trigger, 'type') ?? '';
    if (local.includes(type)) return [];
    const key = addressed[type];
    if (key === undefined) {
      return [
        egress(
          `follows "${type}", of which no flow is known`,
          'follow CPU, a schedule, the site’s Prometheus or a declared Redis',
        ),
      ];
    }
    const address = textAt(recordAt(trigger, 'metadata'), key) ?? '';
    if (hasLate(address) || known.hosts.has(hostIn(address))) return [];
    return [egress(`has KEDA ask ${address}, which no flow declares`)];
  });
}

function hostIn(address: string): string {
  const uri = address.includes('://') ? address : `tcp://${address}`;
  return hostOf(uri) ?? '';
}
