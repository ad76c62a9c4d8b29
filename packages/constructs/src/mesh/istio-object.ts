import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Labels } from '../peer';

const groups = {
  AuthorizationPolicy: 'security',
  DestinationRule: 'networking',
  Gateway: 'networking',
  PeerAuthentication: 'security',
  ServiceEntry: 'networking',
  Sidecar: 'networking',
  VirtualService: 'networking',
  WorkloadEntry: 'networking',
} as const;

export interface IstioObject {
  readonly kind: keyof typeof groups;
  readonly name: string;
  readonly labels?: Labels;
  readonly spec: object;
}

/** An object of Istio's stable API. */
export function addIstioObject(
  scope: Construct,
  id: string,
  { kind, name, labels, spec }: IstioObject,
): ApiObject {
  return new ApiObject(scope, id, {
    apiVersion: `${groups[kind]}.istio.io/v1`,
    kind,
    metadata: { name, ...(labels === undefined ? {} : { labels: { ...labels } }) },
    spec,
  });
}
