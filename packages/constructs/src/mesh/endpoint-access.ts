import type { IAuthorizationPolicy } from '@kubernetes-models/istio/security.istio.io/v1/AuthorizationPolicy';
import type { Construct } from 'constructs';
import { unlessAbsent } from '../absent';
import type { EndpointSpec, LoweredWorkload } from '../engines/lowering';
import type { Labels, Peer } from '../peer';
import { addIstioObject } from './istio-object';
import { type Operation, operationsOf, scraping } from './operations';
import { sourceOf } from './source-of';

type Spec = NonNullable<IAuthorizationPolicy['spec']>;
type Rule = NonNullable<Spec['rules']>[number];

/** Whose callers are let in to which pods. */
export interface CallerAccess {
  readonly endpoint: EndpointSpec;
  readonly podLabels: Labels;
  /** Of the policy. */
  readonly name: string;
  readonly trustDomain: string;
}

/** Lets an endpoint's callers do what each may, and the scraper read its metrics; all else stays refused. */
export function addEndpointAccess(
  scope: Construct,
  { endpoint, site, podLabels }: LoweredWorkload,
  trustDomain: string,
): void {
  const metrics = unlessAbsent(site.metrics);
  const access = { endpoint, podLabels, name: endpoint.name, trustDomain };
  addCallerAccess(
    scope,
    'access',
    access,
    metrics === undefined ? [] : ruleFor(metrics.scrapedBy, [scraping], trustDomain),
  );
}

/** Lets an endpoint's callers in to pods: its own, or those that stand in for them. */
export function addCallerAccess(
  scope: Construct,
  id: string,
  { endpoint, podLabels, name, trustDomain }: CallerAccess,
  others: readonly object[] = [],
): void {
  const served = { name: endpoint.name, versions: endpoint.versions.map((v) => v.number) };
  const callers = endpoint.access.flatMap((caller) =>
    ruleFor(caller.peer, operationsOf(caller, served), trustDomain),
  );
  const rules = [...callers, ...(others as readonly Rule[])];
  // Without rules it would say what the namespace's own policy says already.
  if (rules.length === 0) return;
  const spec: Spec = { selector: { matchLabels: { ...podLabels } }, action: 'ALLOW', rules };
  addIstioObject(scope, id, { kind: 'AuthorizationPolicy', name, spec });
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
