import type { DataFlow, FlowEnd } from '@manara/residency';
import { remediation } from '@manara/contract';
import type { Remediator } from './remediator';

/** What a remediator is told and tells: names of alerts, of objects and numbers; nothing of requests. */
export function remediationFlows(
  owner: string,
  { site, name, props }: Remediator,
): readonly DataFlow[] {
  const here: FlowEnd = { name: `remediator of site ${site.node.id}`, place: site.place };
  const base = { status: 'declared', owner, dataClasses: [] } as const;
  return [
    {
      ...base,
      kind: 'image',
      from: {
        name: `image registry of site ${site.node.id}`,
        place: site.images.place,
        uri: `https://${site.images.prefix}`,
      },
      to: here,
      encryption: 'unknown',
    },
    {
      ...base,
      kind: 'event',
      from: { name: `Alertmanager of site ${site.node.id}`, place: site.place },
      to: { ...here, uri: `http://${name}.${site.namespaceName}.svc:${remediation.port}` },
      encryption: 'none',
    },
    {
      ...base,
      kind: 'state',
      from: here,
      to: {
        name: `API server of site ${site.node.id}`,
        place: site.place,
        addresses: props.apiServer.cidrs,
      },
      encryption: 'tls',
    },
  ];
}
