import type { UndeclaredFlow } from '@manara/residency';
import { ApiObject, App } from 'cdk8s';
import { dataFlows, ModelVersion, type SiteProps } from '../../src';
import { undeclaredFlows } from '../../src/flows/manifest-flows';
import { bucket, newArtifact, newEndpoint, newSite, newZone, type UaePlace } from './fixtures';

/** What is found in one object beside an endpoint that reads `s3://bank-models` at 10.20.0.0/24. */
export function findsIn(
  manifest: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly [field: string]: unknown;
  },
  props: Partial<SiteProps<UaePlace>> = {},
): readonly UndeclaredFlow[] {
  const site = newSite(newZone(new App()), 'dubai', props);
  const endpoint = newEndpoint(site, {
    versions: [new ModelVersion(1, newArtifact({ bucket }))],
  });
  new ApiObject(site, 'plain', { metadata: { name: 'plain' }, ...manifest });
  return undeclaredFlows(site, endpoint[dataFlows]());
}

export const ours = 'registry.bank.example/serving/app:1';
/** The `spec` of what makes pods of a template. */
export function pod<T extends object>(spec: T): { readonly template: { readonly spec: T } } {
  return { template: { spec } };
}

/** As loosely typed as `ApiObject` takes it. */
export interface Manifest<S> extends Readonly<Record<string, unknown>> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly spec: S;
}

export function deployment(container: object): Manifest<ReturnType<typeof pod<object>>> {
  const containers = [{ name: 'app', image: ours, ...container }];
  return { apiVersion: 'apps/v1', kind: 'Deployment', spec: pod({ containers }) };
}

export function policy(egress: readonly object[]): Manifest<object> {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    spec: { podSelector: {}, policyTypes: ['Egress'], egress },
  };
}
