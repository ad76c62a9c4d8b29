import type { IAuthorizationPolicy } from '@kubernetes-models/istio/security.istio.io/v1/AuthorizationPolicy';
import type { Construct } from 'constructs';
import { unlessAbsent } from '../absent';
import type { LoweredWorkload } from '../engines/lowering';
import type { Peer } from '../peer';
import { addIstioObject } from './istio-object';
import { type Operation, operationsOf, scraping } from './operations';
import { sourceOf } from './source-of';

type Spec = NonNullable<IAuthorizationPolicy['spec']>;
type Rule = NonNullable<Spec['rules']>[number];

/** Lets an endpoint's callers do what each may, and the scraper read its metrics; all else stays refused. */
export function addEndpointAccess(
  scope: Construct,
  { endpoint, site, podLabels }: LoweredWorkload,
  trustDomain: string,
): void {
  const served = { name: endpoint.name, versions: endpoint.versions.map((v) => v.number) };
  const metrics = unlessAbsent(site.metrics);
  const rules = [
    ...endpoint.access.flatMap((caller) =>
      ruleFor(caller.peer, operationsOf(caller, served), trustDomain),
    ),
    ...(metrics === undefined ? [] : ruleFor(metrics.scrapedBy, [scraping], trustDomain)),
  ];
  // Without rules it would say what the namespace's own policy says already.
  if (rules.length === 0) return;
  const spec: Spec = { selector: { matchLabels: { ...podLabels } }, action: 'ALLOW', rules };
  addIstioObject(scope, 'access', { kind: 'AuthorizationPolicy', name: endpoint.name, spec });
}

function ruleFor(
  peer: Peer,
  operations: readonly Operation[],
  trustDomain: string,
): readonly Rule[] {
  const source = sourceOf(peer, trustDomain);
  if (source === undefined) return [];
  const { principals, namespaces } = source;
  return [
    {
      from: [
        {
          source: {
            ...(principals && { principals: [...principals] }),
            ...(namespaces && { namespaces: [...namespaces] }),
          },
        },
      ],
      to: operations.map(({ ports, methods, paths }) => ({
        operation: { ports: [...ports], methods: [...methods], paths: [...paths] },
      })),
    },
  ];
}
