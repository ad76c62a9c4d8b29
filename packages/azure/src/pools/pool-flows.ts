import { type CloudEnd, storageFlow } from '@manara/pulumi';
import type { DataFlow, Place } from '@manara/residency';
import type { NodePoolArgs } from './pool-args';

/** What a pool's nodes keep on their disks. */
export function poolFlows(self: CloudEnd, { zone }: NodePoolArgs<Place>): readonly DataFlow[] {
  return [storageFlow(self, 'disks of node pool', zone.data)];
}
